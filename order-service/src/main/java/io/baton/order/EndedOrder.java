package io.baton.order;

import io.baton.contract.OrderId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an order ended.
 *
 * @param status {@link OrderStatus#COMPLETED} or {@link OrderStatus#CANCELLED}
 * @param reason present exactly when it was cancelled
 */
public record EndedOrder(
        OrderId id, OrderStatus status, int version, @Nullable CancellationReason reason, Instant at) {}
