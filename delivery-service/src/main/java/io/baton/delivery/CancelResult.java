package io.baton.delivery;

/** What became of the wish that an order not be delivered. */
public sealed interface CancelResult {

    /** Nothing will be brought. */
    record Cancelled() implements CancelResult {}

    /** It is on its way; nothing was changed. */
    record AlreadyDispatched(String message) implements CancelResult {}
}
