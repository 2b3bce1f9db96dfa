package io.baton.delivery;

/** What became of the wish that a delivery leave the house. */
public sealed interface DispatchResult {

    /** It is on its way, now or since before. */
    record Dispatched(Delivery delivery) implements DispatchResult {}

    /** It was cancelled, and must stay in the house. */
    record Cancelled() implements DispatchResult {}

    /** There is nothing to dispatch: the country is not served. */
    record NotServed(String message) implements DispatchResult {}

    /** Nobody has asked to deliver the order. */
    record Unknown() implements DispatchResult {}
}
