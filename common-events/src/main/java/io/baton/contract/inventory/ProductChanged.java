package io.baton.contract.inventory;

import io.baton.contract.Money;

/**
 * A product was added, or its name or price changed.
 *
 * @param version counts the product's changes from 1; an event with a lower one is old news
 */
public record ProductChanged(String sku, String name, Money price, long version) {}
