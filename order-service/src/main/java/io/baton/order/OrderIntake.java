package io.baton.order;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Stores orders many at a time. Requests put their orders into a queue and wait; one thread takes whatever is there and
 * stores it in one transaction. While a commit is on its way to the disk the next flush gathers by itself, so there is
 * no timer, no added delay when there is little to do, and one commit for many orders when there is much.
 */
@Component
class OrderIntake implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(OrderIntake.class);

    /** Orders in one transaction, at most. */
    static final int LARGEST_FLUSH = 128;

    /** Orders that may wait: some eight flushes, so that who waits is answered in well under a second. */
    static final int LONGEST_QUEUE = 1_024;

    /** After this long something is broken, not busy. */
    private static final long LONGEST_WAIT_SECONDS = 30;

    private final IntakeFlush flush;
    private final FulfilmentRequests fulfilment;
    private final BlockingQueue<QueuedOrder> queue = new ArrayBlockingQueue<>(LONGEST_QUEUE);
    private final Map<String, IdempotentRequest> inFlight = new ConcurrentHashMap<>();
    private volatile boolean running;
    private @Nullable Thread flusher;

    OrderIntake(IntakeFlush flush, FulfilmentRequests fulfilment) {
        this.flush = flush;
        this.fulfilment = fulfilment;
    }

    /**
     * Stores the order with those of other requests, and returns after the commit.
     *
     * @param request {@code null} stores it in any case
     * @throws IntakeFullException if the queue is full; nothing was stored
     * @throws OrderInDoubtException if the commit failed, or nothing was heard of it for 30 s
     * @throws RuntimeException whatever else the database said; nothing was stored
     */
    Placement place(NewOrder order, @Nullable IdempotentRequest request) throws InterruptedException {
        if (request != null) {
            IdempotentRequest first = inFlight.putIfAbsent(request.key(), request);
            if (first != null) {
                return first.isSameBody(request.bodyHash())
                        ? new Placement.KeyInFlight()
                        : new Placement.KeyUsedOtherwise();
            }
        }
        QueuedOrder queued = new QueuedOrder(order, request, fulfilment.of(order), new CompletableFuture<>());
        // The second look is for a stop that has emptied the queue for the last time between the first one and the
        // offer.
        if (!running || !queue.offer(queued) || !running && queue.remove(queued)) {
            release(queued);
            throw new IntakeFullException();
        }
        return await(queued.placement());
    }

    private static Placement await(CompletableFuture<Placement> placement) throws InterruptedException {
        try {
            return placement.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new OrderInDoubtException(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Orders that wait to be taken into a flush. */
    int queued() {
        return queue.size();
    }

    /** What a key that was used before means for this request. */
    static Placement placedBefore(IdempotentRequest request, PlacedOrders.KnownKey known) {
        return request.isSameBody(known.bodyHash())
                ? new Placement.PlacedBefore(known.orderId(), known.finalAnswer())
                : new Placement.KeyUsedOtherwise();
    }

    private void run() {
        List<QueuedOrder> batch = new ArrayList<>(LARGEST_FLUSH);
        while (running || !queue.isEmpty()) {
            batch.clear();
            try {
                QueuedOrder first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch, LARGEST_FLUSH - 1);
                    store(batch);
                }
            } catch (InterruptedException e) {
                running = false;
            } catch (RuntimeException | Error e) {
                // Nobody may be left waiting, and this thread must go on whatever happens.
                log.error("A flush failed in an unexpected way", e);
                batch.forEach(queued -> fail(queued, new OrderInDoubtException(e)));
            }
        }
    }

    /** Stores the batch; if one order in it is the reason why that fails, the others are stored without it. */
    private void store(List<QueuedOrder> batch) {
        switch (flush.store(batch)) {
            case IntakeFlush.Result.Stored(var placements) -> {
                for (int i = 0; i < batch.size(); i++) {
                    release(batch.get(i));
                    batch.get(i).placement().complete(placements.get(i));
                }
            }
            case IntakeFlush.Result.Failed(var cause, var mayBeAnOrders) when mayBeAnOrders && batch.size() > 1 -> {
                log.warn("Storing {} orders failed; storing each by itself: {}", batch.size(), cause.toString());
                batch.forEach(queued -> store(List.of(queued)));
            }
            case IntakeFlush.Result.Failed(var cause, var mayBeAnOrders) ->
                batch.forEach(queued -> fail(queued, cause));
        }
    }

    private void fail(QueuedOrder queued, RuntimeException cause) {
        release(queued);
        queued.placement().completeExceptionally(cause);
    }

    /** From here on the database knows the key, or nobody does. */
    private void release(QueuedOrder queued) {
        if (queued.request() != null) {
            inFlight.remove(queued.request().key(), queued.request());
        }
    }

    @Override
    public void start() {
        running = true;
        flusher = Thread.ofPlatform().name("order-intake").start(this::run);
    }

    /** Called after the web server has stopped taking requests; stores what is still queued. */
    @Override
    public void stop() {
        running = false;
        Thread thread = flusher;
        if (thread != null) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Starts before the web server and stops after it. */
    @Override
    public int getPhase() {
        return 0;
    }
}
