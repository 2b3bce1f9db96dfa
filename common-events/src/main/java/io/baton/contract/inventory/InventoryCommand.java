package io.baton.contract.inventory;

import io.baton.contract.OrderId;

/** What can be asked of the inventory service. */
public sealed interface InventoryCommand permits ReserveStock, ReleaseStock, ReturnStock {

    OrderId orderId();
}
