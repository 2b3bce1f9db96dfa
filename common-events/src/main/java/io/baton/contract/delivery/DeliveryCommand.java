package io.baton.contract.delivery;

import io.baton.contract.OrderId;

/** What can be asked of the delivery service. */
public sealed interface DeliveryCommand permits ScheduleDelivery, CancelDelivery {

    OrderId orderId();
}
