package io.baton.inventory;

import io.baton.contract.Money;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The products, what they cost, and the goods that come in. */
@Service
@Transactional
public class Catalogue {

    private final Products products;
    private final Receipts receipts;
    private final ProductNews news;
    private final Clock clock;

    Catalogue(Products products, Receipts receipts, ProductNews news, Clock clock) {
        this.products = products;
        this.receipts = receipts;
        this.news = news;
        this.clock = clock;
    }

    /** @param added false if there was a product with this SKU before */
    public record Put(Product product, boolean added) {}

    /**
     * Adds the product, or gives it this name and price; others are told if that changed anything.
     *
     * @param sku of {@link Product#SKU_FORMAT}
     * @param price more than zero
     */
    public Put put(String sku, String name, Money price) {
        boolean added = products.add(sku, name, price.minorUnits(), price.currency()) == 1;
        Product product = products.lock(new String[] {sku}).getFirst();
        if (added | product.describe(name, price)) {
            news.changed(product);
        }
        return new Put(product, added);
    }

    /**
     * Raises what is available.
     *
     * @param quantity at least 1
     * @return the product after that, or empty if there is none with this SKU; nothing is changed then
     */
    public Optional<Product> receive(String sku, long quantity) {
        List<Product> found = products.lock(new String[] {sku});
        for (Product product : found) {
            product.receive(quantity);
            receipts.save(new Receipt(sku, quantity, clock.instant()));
        }
        return found.stream().findFirst();
    }

    @Transactional(readOnly = true)
    public Optional<Product> find(String sku) {
        return products.findById(sku);
    }

    /** At most {@code limit} products whose SKUs sort after {@code sku} (by character code). */
    @Transactional(readOnly = true)
    public List<Product> after(String sku, int limit) {
        return products.findBySkuGreaterThanOrderBySku(sku, Limit.of(limit));
    }
}
