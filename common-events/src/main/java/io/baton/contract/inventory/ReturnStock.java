package io.baton.contract.inventory;

import io.baton.contract.OrderId;

/** What a completed order took is back on the shelf and available again. */
public record ReturnStock(OrderId orderId) implements InventoryCommand {}
