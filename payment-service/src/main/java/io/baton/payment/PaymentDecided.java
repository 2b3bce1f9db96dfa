package io.baton.payment;

import io.baton.contract.OrderId;

/** The gateway's answer decided about a payment in this transaction. */
public record PaymentDecided(OrderId orderId) {}
