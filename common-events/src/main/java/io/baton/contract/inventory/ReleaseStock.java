package io.baton.contract.inventory;

import io.baton.contract.OrderId;

/** Undoes {@link ReserveStock}: what the order holds is available again. */
public record ReleaseStock(OrderId orderId) implements InventoryCommand {}
