package io.baton.order;

import io.baton.contract.OrderId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an order ended.
 *
 * @param status {@link OrderStatus#COMPLETED} or {@link OrderStatus#CANCELLED}
 * @param reason present exactly when it was cancelled
 * @param cancellation present if its customer ever wished that it be
 */
public record EndedOrder(
        OrderId id,
        OrderStatus status,
        int version,
        @Nullable CancellationReason reason,
        @Nullable Cancellation cancellation,
        Instant at) {}
