package io.baton.orchestrator.bulk;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Works at bulks for as long as the service runs. Trouble with the database is waited out. */
final class BulkLoop implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(BulkLoop.class);
    private static final long TURN_MILLIS = 250;

    private final BulkWorker worker;
    private volatile boolean troubled;
    private volatile boolean running;
    private ScheduledExecutorService threads = newThreads();

    BulkLoop(BulkWorker worker) {
        this.worker = worker;
    }

    @Override
    public synchronized void start() {
        if (running) {
            return;
        }
        running = true;
        threads = newThreads();
        threads.scheduleWithFixedDelay(this::takeTurns, TURN_MILLIS, TURN_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** After the turn that is under way; what is left is done by others, or after the next start. */
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

    private void takeTurns() {
        try {
            boolean isAnotherDue = true;
            while (running && isAnotherDue) {
                isAnotherDue = worker.takeTurn();
            }
            if (troubled) {
                troubled = false;
                log.info("Bulks are worked at again");
            }
        } catch (RuntimeException e) {
            if (!troubled) {
                troubled = true;
                log.warn("Bulks cannot be worked at right now; tried again until they can", e);
            }
        }
    }

    private static ScheduledExecutorService newThreads() {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("saga-bulks").factory());
    }
}
