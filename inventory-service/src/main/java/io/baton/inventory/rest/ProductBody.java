package io.baton.inventory.rest;

import io.baton.http.MoneyJson;
import io.baton.inventory.Product;

/** A product as clients read it. The three amounts add up to everything that was ever received. */
record ProductBody(String sku, String name, MoneyJson price, long available, long reserved, long shipped) {

    static ProductBody of(Product product) {
        return new ProductBody(
                product.sku(),
                product.name(),
                MoneyJson.of(product.price()),
                product.available(),
                product.reserved(),
                product.shipped());
    }
}
