package io.baton.contract.payment;

import io.baton.contract.OrderId;

/** The order's price was taken. */
public record PaymentCharged(OrderId orderId, String paymentId) implements PaymentOutcome {}
