package io.baton.messaging;

import io.baton.contract.OrderId;
import io.baton.contract.SagaId;
import io.baton.contract.Tsid;
import java.time.Instant;

/**
 * Makes ids that sort by time. Each process has a node number of its own from its database, so that two processes
 * never make the same id; one process makes at most 4,096 a millisecond and borrows from the next one beyond that.
 */
public final class Ids {

    private static final int NODE_BITS = 10;
    private static final int SEQUENCE_BITS = 12;

    private final long node;
    private long lastMillis;
    private long sequence;

    /** @param node taken modulo 1,024 */
    public Ids(long node) {
        this.node = Math.floorMod(node, 1L << NODE_BITS);
    }

    public OrderId nextOrderId(Instant now) {
        return new OrderId(next(now.toEpochMilli()));
    }

    public SagaId nextSagaId(Instant now) {
        return new SagaId(next(now.toEpochMilli()));
    }

    /** An id at {@code now}, or a little later if the clock went back or too many were made in this millisecond. */
    synchronized long next(long nowMillis) {
        if (nowMillis > lastMillis) {
            lastMillis = nowMillis;
            sequence = 0;
        } else if (++sequence >= 1L << SEQUENCE_BITS) {
            lastMillis++;
            sequence = 0;
        }
        return Tsid.floor(lastMillis) | node << SEQUENCE_BITS | sequence;
    }
}
