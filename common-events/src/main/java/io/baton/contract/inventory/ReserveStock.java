package io.baton.contract.inventory;

import io.baton.contract.OrderId;
import io.baton.contract.order.OrderLine;
import java.util.List;

/** Put all lines of an order aside, or none of them. */
public record ReserveStock(OrderId orderId, List<OrderLine> lines) implements InventoryCommand {}
