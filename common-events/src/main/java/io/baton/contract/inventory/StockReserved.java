package io.baton.contract.inventory;

import io.baton.contract.OrderId;

/** All lines of the order are held for it. */
public record StockReserved(OrderId orderId) implements InventoryOutcome {}
