package io.baton.order;

import io.baton.contract.Money;

/**
 * So many pieces of one product, at the price of one piece when the order was placed.
 *
 * @param quantity from 1 to 1,000
 */
public record PricedLine(String sku, int quantity, Money price) {}
