package io.baton.payment;

/** What became of the wish to charge. */
public sealed interface ChargeResult {

    /** @param first false if this had been answered before */
    record Charged(Payment payment, boolean first) implements ChargeResult {}

    /** Nothing was taken, and never will be for this order. */
    record Refused(String code, String message) implements ChargeResult {}

    /**
     * The card gateway has to be asked first.
     *
     * @param willBeTold whether the asker will be told the outcome; false for a visitor, and for a command while
     *     another command waits for the same charge
     */
    record Undecided(Payment payment, boolean willBeTold) implements ChargeResult {}

    /** The charge was undone, perhaps before it was asked for; nothing is taken and nothing will be. */
    record Undone() implements ChargeResult {}

    /** The order was charged something else before; that stands, and this is not taken. */
    record Different() implements ChargeResult {}
}
