package io.baton.lab.load;

import org.jspecify.annotations.Nullable;

/** One order that is being driven. Belongs to the thread of {@link OrderTraffic}. */
final class Order {

    final OrderKind kind;
    final @Nullable String idempotencyKey;
    final byte[] request;
    /** When it was sent or, in the open loop, should have been; of {@link System#nanoTime}. */
    final long startNanos;
    /** Whether it was started while measuring. */
    final boolean measured;

    /** -1 until it is accepted. */
    long id = -1;
    int attempts;
    /** Whether some attempt is without an answer, so that the order may exist. */
    boolean unknown;
    /** Whether it will not be sent again. */
    boolean givenUp;
    /** When the last answer came; 0 if none has. */
    long answeredNanos;
    /** When to send it again or, once accepted, to ask for it. */
    long nextStepNanos;
    /** That of the last answer; 0 if none has come. */
    int status;

    Order(OrderKind kind, @Nullable String idempotencyKey, byte[] request, long startNanos, boolean measured) {
        this.kind = kind;
        this.idempotencyKey = idempotencyKey;
        this.request = request;
        this.startNanos = startNanos;
        this.measured = measured;
    }
}
