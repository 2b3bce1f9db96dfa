package io.baton.contract.inventory;

import io.baton.contract.OrderId;

/** What the order had taken is available again. */
public record StockReturned(OrderId orderId) implements InventoryOutcome {}
