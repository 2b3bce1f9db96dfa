package io.baton.order;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An order that waits to be stored.
 *
 * @param request {@code null} when its client gave no key
 * @param placement what its request's thread waits for
 */
record QueuedOrder(
        NewOrder order,
        @Nullable IdempotentRequest request,
        FulfilmentRequests.Request fulfilment,
        CompletableFuture<Placement> placement) {}
