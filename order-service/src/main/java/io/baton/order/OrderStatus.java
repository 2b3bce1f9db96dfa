package io.baton.order;

/** Where an order stands for its customer. A completed one may yet be cancelled; nothing else ends twice. */
public enum OrderStatus {
    PENDING,
    COMPLETED,
    CANCELLED
}
