package io.baton.contract.delivery;

import io.baton.contract.OrderId;

/** Take the order's delivery out of the carrier's plan. Refused once it is on its way. */
public record CancelDelivery(OrderId orderId) implements DeliveryCommand {}
