package io.baton.order;

/** What came of the word that an order is not undone. */
public sealed interface Keeping {

    /** The order stays as it is, and its customer can see why. */
    record Kept() implements Keeping {}

    /** The order is cancelled, and stays so. */
    record CancelledAlready() implements Keeping {}

    /** There is no such order. */
    record NoSuchOrder() implements Keeping {}
}
