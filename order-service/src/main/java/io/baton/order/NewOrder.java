package io.baton.order;

import io.baton.contract.Money;
import io.baton.contract.OrderId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A priced order on its way into the database.
 *
 * @param total the lines' sum, more than zero, in their one currency
 * @param cardToken goes to the payment service and is not kept here
 * @param placedAt whole milliseconds, so that every later answer shows the same
 */
public record NewOrder(
        OrderId id,
        String customerId,
        List<PricedLine> lines,
        Money total,
        PaymentMethod paymentMethod,
        @Nullable String cardToken,
        Address deliveryAddress,
        Instant placedAt) {

    /** Counts an order's changes; its placing is the first. */
    static final int FIRST_VERSION = 1;

    /** The order as it is when it has just been placed. */
    public OrderSnapshot snapshot() {
        return new OrderSnapshot(
                id, customerId, OrderStatus.PENDING, FIRST_VERSION, null, null, lines, total, placedAt, placedAt);
    }
}
