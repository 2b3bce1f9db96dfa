package io.baton.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.Money;
import io.baton.contract.OrderId;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Orders and products that no other test uses. */
public final class Fixture {

    private static final AtomicLong NEXT = new AtomicLong(1);

    private final Catalogue catalogue;

    public Fixture(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    public static OrderId newOrder() {
        return new OrderId(NEXT.getAndIncrement());
    }

    /** A new product with so much in stock. */
    public String product(String name, long stock) {
        String sku = name + "-" + NEXT.getAndIncrement();
        catalogue.put(sku, name, new Money(4_999, "EUR"));
        if (stock > 0) {
            catalogue.receive(sku, stock);
        }
        return sku;
    }

    public static ReservationRequest request(OrderId orderId, StockLine... lines) {
        return new ReservationRequest(orderId, Arrays.asList(lines));
    }

    public static StockLine line(String sku, long quantity) {
        return new StockLine(sku, quantity);
    }

    public void assertStock(String sku, long available, long reserved, long shipped) {
        Product product = catalogue.find(sku).orElseThrow();
        assertThat(List.of(product.available(), product.reserved(), product.shipped()))
                .as("available, reserved and shipped of %s", sku)
                .containsExactly(available, reserved, shipped);
    }
}
