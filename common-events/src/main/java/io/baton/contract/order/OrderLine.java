package io.baton.contract.order;

/**
 * So many pieces of one product.
 *
 * @param quantity from 1 to 1,000
 */
public record OrderLine(String sku, int quantity) {}
