package io.baton.contract.order;

import io.baton.contract.Money;
import io.baton.contract.OrderId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The wish that an order's saga be started; also all that the saga knows of the order.
 *
 * @param cardToken the gateway's name for the card; present exactly with {@link PaymentMethod#CARD}
 * @param total the sum of the catalogue's prices when the order was placed
 */
public record FulfilOrder(
        OrderId orderId,
        String customerId,
        List<OrderLine> lines,
        Money total,
        PaymentMethod paymentMethod,
        @Nullable String cardToken,
        DeliveryAddress deliveryAddress,
        Instant placedAt) {}
