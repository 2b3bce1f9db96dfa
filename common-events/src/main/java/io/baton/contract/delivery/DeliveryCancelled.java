package io.baton.contract.delivery;

import io.baton.contract.OrderId;

/** Nothing will be brought. */
public record DeliveryCancelled(OrderId orderId) implements DeliveryOutcome {}
