package io.baton.order;

/** Where an order stands for its customer. The last two are final. */
public enum OrderStatus {
    PENDING,
    COMPLETED,
    CANCELLED
}
