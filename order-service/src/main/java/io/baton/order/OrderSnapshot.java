package io.baton.order;

import io.baton.contract.Money;
import io.baton.contract.OrderId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order as it was at one moment.
 *
 * @param version counts the changes from 1
 * @param reason present exactly when the order is cancelled
 * @param cancellation present if its customer ever wished that it be
 */
public record OrderSnapshot(
        OrderId id,
        String customerId,
        OrderStatus status,
        int version,
        @Nullable CancellationReason reason,
        @Nullable Cancellation cancellation,
        List<PricedLine> lines,
        Money total,
        Instant placedAt,
        Instant updatedAt) {

    /** The same order after its end. */
    public OrderSnapshot ended(EndedOrder end) {
        return new OrderSnapshot(
                id,
                customerId,
                end.status(),
                end.version(),
                end.reason(),
                end.cancellation(),
                lines,
                total,
                placedAt,
                end.at());
    }

    /** The same order as it was when it had just been placed. */
    public OrderSnapshot whenPlaced() {
        return new OrderSnapshot(
                id,
                customerId,
                OrderStatus.PENDING,
                NewOrder.FIRST_VERSION,
                null,
                null,
                lines,
                total,
                placedAt,
                placedAt);
    }
}
