package io.baton.contract.delivery;

import io.baton.contract.OrderId;
import io.baton.contract.order.DeliveryAddress;

/** Have the order brought to the address. The saga's point of no return: it has no compensation. */
public record ScheduleDelivery(OrderId orderId, DeliveryAddress address) implements DeliveryCommand {}
