package io.baton.order;

/** Why a well-formed wish cannot become an order. */
public sealed interface Objection {

    /** The item's product is not in the catalogue. */
    record UnknownSku(int item) implements Objection {}

    /** The item is priced in another currency than the first one; an order is paid in one. */
    record OtherCurrency(int item, String first, String other) implements Objection {}

    /** The sum is larger than an order may cost. */
    record TotalTooLarge() implements Objection {}

    /** The sum is zero, which nobody can be charged. */
    record NothingToPay() implements Objection {}
}
