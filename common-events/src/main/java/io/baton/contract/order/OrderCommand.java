package io.baton.contract.order;

import io.baton.contract.OrderId;

/** What can be asked of the order service. */
public sealed interface OrderCommand permits CompleteOrder, CancelOrder, KeepOrder {

    OrderId orderId();
}
