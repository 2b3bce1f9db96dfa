package io.baton.contract.payment;

import io.baton.contract.OrderId;

/** What the order was charged was given back. */
public record PaymentRefunded(OrderId orderId) implements PaymentOutcome {}
