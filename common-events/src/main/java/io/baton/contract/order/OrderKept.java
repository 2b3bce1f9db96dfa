package io.baton.contract.order;

import io.baton.contract.OrderId;

/** The order stays completed although its cancellation was wished. */
public record OrderKept(OrderId orderId) implements OrderOutcome {}
