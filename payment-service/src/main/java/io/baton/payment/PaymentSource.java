package io.baton.payment;

/** Where the money comes from. */
public sealed interface PaymentSource {

    /** From what the customer holds with us. */
    record FromWallet() implements PaymentSource {}

    /** @param token the gateway's name for the card; not the card's number, but never logged all the same */
    record FromCard(String token) implements PaymentSource {

        @Override
        public String toString() {
            return "FromCard[]";
        }
    }
}
