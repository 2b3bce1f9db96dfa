package io.baton.inventory.kafka;

import io.baton.contract.Topics;
import io.baton.contract.inventory.ProductChanged;
import io.baton.inventory.Product;
import io.baton.inventory.ProductNews;
import io.baton.messaging.Outbox;
import io.baton.messaging.OutgoingMessage;
import org.springframework.stereotype.Component;

/** Tells of products as events, those of one product in order. */
@Component
class OutboxProductNews implements ProductNews {

    private final Outbox outbox;

    OutboxProductNews(Outbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public void changed(Product product) {
        ProductChanged event =
                new ProductChanged(product.sku(), product.name(), product.price(), product.version());
        String id = product.sku() + "/" + product.version();
        outbox.send(new OutgoingMessage(Topics.INVENTORY_EVENTS, product.sku(), id, event));
    }
}
