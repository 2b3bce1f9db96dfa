package io.baton.contract.order;

import io.baton.contract.OrderId;

/** Everything is paid, reserved and scheduled: the order is complete. Cannot be refused. */
public record CompleteOrder(OrderId orderId) implements OrderCommand {}
