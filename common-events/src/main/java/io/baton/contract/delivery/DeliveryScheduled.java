package io.baton.contract.delivery;

import io.baton.contract.OrderId;

/** The delivery is on its way into the carrier's plan. */
public record DeliveryScheduled(OrderId orderId, String deliveryId) implements DeliveryOutcome {}
