package io.baton.order.kafka;

import io.baton.contract.inventory.ProductChanged;
import io.baton.messaging.EventHandler;
import io.baton.order.CataloguePrices;
import org.springframework.stereotype.Component;

/** Keeps the catalogue's copy: old news and repetitions change nothing, by the product's version. */
@Component
class ProductChangedHandler implements EventHandler<ProductChanged> {

    private final CataloguePrices prices;

    ProductChangedHandler(CataloguePrices prices) {
        this.prices = prices;
    }

    @Override
    public Class<ProductChanged> eventType() {
        return ProductChanged.class;
    }

    @Override
    public void handle(ProductChanged event) {
        prices.update(event.sku(), event.name(), event.price(), event.version());
    }
}
