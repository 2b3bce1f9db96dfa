package io.baton.contract.order;

import io.baton.contract.OrderId;

/** The order ended well. */
public record OrderCompleted(OrderId orderId) implements OrderOutcome {}
