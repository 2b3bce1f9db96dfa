package io.baton.contract.inventory;

import io.baton.contract.OrderId;
import io.baton.contract.Refusal;

/** Nothing is held: {@code OUT_OF_STOCK}. */
public record StockRefused(OrderId orderId, String code, String message) implements InventoryOutcome, Refusal {}
