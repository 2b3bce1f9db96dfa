package io.baton.payment;

/** What became of the wish to refund. It cannot be refused. */
public sealed interface RefundResult {

    /** Nothing is taken from the customer for this order, or not any more; and nothing will be. */
    record Refunded(Payment payment) implements RefundResult {}

    /**
     * The card gateway has to be asked first.
     *
     * @param willBeTold as for {@link ChargeResult.Undecided}
     */
    record Undecided(Payment payment, boolean willBeTold) implements RefundResult {}
}
