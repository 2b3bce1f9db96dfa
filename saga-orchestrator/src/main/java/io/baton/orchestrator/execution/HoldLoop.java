package io.baton.orchestrator.execution;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Keeps the knowledge of what is held fresh, and lets go, for as long as the service runs. */
final class HoldLoop implements SmartLifecycle {

    /** Before the consumers, which must not send what is held. */
    static final int PHASE = Integer.MIN_VALUE / 2;

    private static final Logger log = LoggerFactory.getLogger(HoldLoop.class);
    private static final long REFRESH_MILLIS = 900;
    private static final long TURN_MILLIS = 250;

    private final SagaHolds holds;
    private final HoldRelease release;
    private volatile boolean troubled;
    private volatile boolean running;
    private ScheduledExecutorService threads = newThreads();

    HoldLoop(SagaHolds holds, HoldRelease release) {
        this.holds = holds;
        this.release = release;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @Override
    public synchronized void start() {
        if (running) {
            return;
        }
        running = true;
        threads = newThreads();
        guarded(holds::refresh);
        every(REFRESH_MILLIS, holds::refresh);
        every(TURN_MILLIS, release::takeTurn);
    }

    @Override
    public synchronized void stop() {
        if (!running) {
            return;
        }
        running = false;
        threads.shutdown();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void every(long millis, Runnable task) {
        threads.scheduleWithFixedDelay(() -> guarded(task), millis, millis, TimeUnit.MILLISECONDS);
    }

    private void guarded(Runnable task) {
        try {
            task.run();
            if (troubled) {
                troubled = false;
                log.info("Holds are looked after again");
            }
        } catch (RuntimeException e) {
            if (!troubled) {
                troubled = true;
                log.warn("Holds cannot be looked after right now; tried again until they can", e);
            }
        }
    }

    private static ScheduledExecutorService newThreads() {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("saga-holds").factory());
    }
}
