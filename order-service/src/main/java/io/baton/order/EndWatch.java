package io.baton.order;

import io.baton.contract.OrderId;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Lets requests wait for an order's end: woken after the commit when this process ends the order, and by a slow look
 * into the database when another instance does.
 */
@Component
public class EndWatch implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(EndWatch.class);

    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    /**
     * Requests that may wait at once: half of those that an instance handles at once, so that a system in which orders
     * end slowly, or not at all for a while, still takes new ones.
     */
    static final int MOST_WAITS = 256;

    private final Orders orders;
    private final Clock clock;
    private final Map<OrderId, Watched> watched = new ConcurrentHashMap<>();
    private final Semaphore waits = new Semaphore(MOST_WAITS);
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("order-end-watch").daemon().factory());

    EndWatch(Orders orders, Clock clock) {
        this.orders = orders;
        this.clock = clock;
        looking.scheduleWithFixedDelay(
                this::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What several requests may wait for at once. */
    private record Watched(CompletableFuture<EndedOrder> end, int watchers, long sinceMillis) {}

    /** One request's wait; to be closed, or the order is looked for until the process ends. */
    public final class Watch implements AutoCloseable {

        private final OrderId id;
        private final CompletableFuture<EndedOrder> end;

        private Watch(OrderId id, CompletableFuture<EndedOrder> end) {
            this.id = id;
            this.end = end;
        }

        /**
         * The end, or {@code null} if it did not come in time, or if {@link #MOST_WAITS} wait already. Parks the thread,
         * which should be a virtual one.
         */
        public @Nullable EndedOrder await(Duration atMost) throws InterruptedException {
            if (!waits.tryAcquire()) {
                return end.getNow(null);
            }
            try {
                return end.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                return null;
            } catch (ExecutionException e) {
                throw new IllegalStateException("Nothing completes this future with an exception", e);
            } finally {
                waits.release();
            }
        }

        @Override
        public void close() {
            watched.computeIfPresent(id, (key, w) ->
                    w.watchers == 1 ? null : new Watched(w.end, w.watchers - 1, w.sinceMillis));
        }
    }

    /**
     * Begins to watch. Whoever does so before the order is placed misses nothing and needs no look into the database.
     */
    public Watch watch(OrderId id) {
        Watched entry = watched.compute(id, (key, w) -> w == null
                ? new Watched(new CompletableFuture<>(), 1, clock.millis())
                : new Watched(w.end, w.watchers + 1, w.sinceMillis));
        return new Watch(id, entry.end);
    }

    /** Requests that wait now. */
    int waiting() {
        return MOST_WAITS - waits.availablePermits();
    }

    /** Wakes who waits here once the open transaction has committed; nobody if it rolls back. */
    void tellAfterCommit(EndedOrder order) {
        if (watched.containsKey(order.id())) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    tell(order);
                }
            });
        }
    }

    private void tell(EndedOrder order) {
        Watched entry = watched.get(order.id());
        if (entry != null) {
            entry.end.complete(order);
        }
    }

    private void look() {
        try {
            lookForEnds();
        } catch (RuntimeException | Error e) {
            // The executor would never look again.
            log.warn("Cannot look for ended orders; trying again: {}", e.toString());
        }
    }

    private void lookForEnds() {
        long now = clock.millis();
        List<OrderId> overdue = new ArrayList<>();
        watched.forEach((id, w) -> {
            if (!w.end.isDone() && now - w.sinceMillis >= LOOK_EVERY.toMillis()) {
                overdue.add(id);
            }
        });
        if (!overdue.isEmpty()) {
            orders.endedAmong(overdue).forEach(this::tell);
        }
    }

    @Override
    public void destroy() {
        looking.shutdownNow();
    }
}
