package io.baton.contract.order;

/** How a customer pays. */
public enum PaymentMethod {
    /** From the balance that the customer holds with us. */
    WALLET,
    /** By a card, through the gateway. */
    CARD
}
