package io.baton.order;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a customer asks for, well-formed but not yet priced.
 *
 * @param items 1 to 100, no product twice
 * @param cardToken the gateway's name for the card; present exactly with {@link PaymentMethod#CARD}
 */
public record OrderWish(
        String customerId,
        List<Item> items,
        PaymentMethod paymentMethod,
        @Nullable String cardToken,
        Address deliveryAddress) {

    /** So many pieces of one product. */
    public record Item(String sku, int quantity) {}
}
