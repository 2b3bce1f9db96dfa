package io.baton.contract.payment;

import io.baton.contract.OrderId;

/** Undoes {@link ChargePayment}: give back what the order was charged. */
public record RefundPayment(OrderId orderId) implements PaymentCommand {}
