package io.baton.inventory;

/** What became of the wish to release. */
public sealed interface ReleaseResult {

    /** The order holds nothing, and never will again. */
    record Released() implements ReleaseResult {}

    /** The goods have left the house; nothing was changed. */
    record AlreadyShipped(String message) implements ReleaseResult {}
}
