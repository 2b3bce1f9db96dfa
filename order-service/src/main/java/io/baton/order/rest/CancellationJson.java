package io.baton.order.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.baton.order.Cancellation;
import org.jspecify.annotations.Nullable;

/**
 * A customer's wish that an order be undone, as clients see it.
 *
 * @param reason the customer's words, if there were any
 * @param code why it was refused, for programs, if there is a word for it
 * @param message why it was refused
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CancellationJson(
        Cancellation.State state, @Nullable String reason, @Nullable String code, @Nullable String message) {

    static @Nullable CancellationJson of(@Nullable Cancellation cancellation) {
        return cancellation == null
                ? null
                : new CancellationJson(
                        cancellation.state(), cancellation.reason(), cancellation.code(), cancellation.message());
    }
}
