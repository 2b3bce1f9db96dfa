package io.baton.order;

/** What came of the wish to end an order. */
public sealed interface Ending {

    /** The order has ended as wished, now or earlier. */
    record Ended(EndedOrder order) implements Ending {}

    /** The order has ended the other way, and stays so. */
    record EndedOtherwise(OrderStatus status) implements Ending {}

    /** The order has not ended, so its end cannot be undone yet. */
    record NotEnded() implements Ending {}

    /** There is no such order. */
    record NoSuchOrder() implements Ending {}
}
