package io.baton.order;

/** How a customer pays. */
public enum PaymentMethod {
    WALLET,
    CARD
}
