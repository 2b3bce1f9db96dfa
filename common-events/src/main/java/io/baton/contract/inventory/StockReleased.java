package io.baton.contract.inventory;

import io.baton.contract.OrderId;

/** The order holds nothing any more. */
public record StockReleased(OrderId orderId) implements InventoryOutcome {}
