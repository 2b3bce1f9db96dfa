package io.baton.order;

import org.jspecify.annotations.Nullable;

/** What a customer is told who wishes that an order be undone. */
public sealed interface CancellationAnswer {

    /**
     * It will be tried.
     *
     * @param first false if this had been wished before and was not answered since
     */
    record Requested(OrderSnapshot order, boolean first) implements CancellationAnswer {}

    /** There is nothing left to wish for: the order is cancelled, whoever wanted that. */
    record CancelledAlready(OrderSnapshot order) implements CancellationAnswer {}

    /** It was tried and refused for good. */
    record RefusedForGood(@Nullable String code, String message) implements CancellationAnswer {}

    /** There is no such order. */
    record NoSuchOrder() implements CancellationAnswer {}
}
