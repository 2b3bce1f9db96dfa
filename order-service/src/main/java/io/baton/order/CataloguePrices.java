package io.baton.order;

import io.baton.contract.Money;
import java.util.Collection;
import java.util.Map;

/** The copy of the catalogue that product events keep up to date. */
public interface CataloguePrices {

    /** The prices of those products that are known, by SKU. */
    Map<String, Money> find(Collection<String> skus);

    /** Takes over a product's name and price unless a newer version is known. */
    void update(String sku, String name, Money price, long version);
}
