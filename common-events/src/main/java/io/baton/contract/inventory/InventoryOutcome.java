package io.baton.contract.inventory;

import io.baton.contract.Outcome;

/** What the inventory service answers. */
public sealed interface InventoryOutcome extends Outcome permits StockReserved, StockRefused, StockReleased, StockReturned {}
