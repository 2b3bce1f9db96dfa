package io.baton.order.rest;

import io.baton.order.PaymentMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /orders}, as far as JSON can say what it must be; {@link PlaceOrderReader} says the rest. */
record PlaceOrderJson(
        @Nullable String customerId,
        @Nullable List<Item> items,
        @Nullable Payment payment,
        @Nullable DeliveryAddress deliveryAddress) {

    record Item(@Nullable String sku, @Nullable Integer quantity) {}

    record Payment(@Nullable PaymentMethod method, @Nullable String token) {}

    record DeliveryAddress(
            @Nullable String name,
            @Nullable String line1,
            @Nullable String line2,
            @Nullable String city,
            @Nullable String postalCode,
            @Nullable String country) {}
}
