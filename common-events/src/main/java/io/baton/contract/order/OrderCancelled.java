package io.baton.contract.order;

import io.baton.contract.OrderId;

/** The order ended without effect; {@code code} is one of {@link io.baton.contract.RefusalCode}. */
public record OrderCancelled(OrderId orderId, String code) implements OrderOutcome {}
