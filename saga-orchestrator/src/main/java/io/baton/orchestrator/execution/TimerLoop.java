package io.baton.orchestrator.execution;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs the sweep and the timers for as long as the service runs. Trouble with the servers is waited out. */
final class TimerLoop implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(TimerLoop.class);

    private final TimerWorker worker;
    private final SagaTimers timers;
    private final TransactionTemplate transactions;
    private final DatabaseTime time;
    private final TimerSettings settings;
    private final Duration age;
    private volatile boolean troubled;
    private volatile boolean running;
    private ScheduledExecutorService threads = newThreads();

    TimerLoop(
            TimerWorker worker,
            SagaTimers timers,
            TransactionTemplate transactions,
            DatabaseTime time,
            TimerSettings settings,
            Duration age) {
        this.worker = worker;
        this.timers = timers;
        this.transactions = transactions;
        this.time = time;
        this.settings = settings;
        this.age = age;
    }

    @Override
    public synchronized void start() {
        if (running) {
            return;
        }
        running = true;
        threads = newThreads();
        every(settings.sweep(), () -> transactions.executeWithoutResult(_ -> timers.sweep(time.now(), age)));
        every(settings.tick(), () -> worker.fire(settings.perTick()));
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

    private void every(Duration period, Runnable task) {
        threads.scheduleWithFixedDelay(() -> guarded(task), period.toMillis(), period.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void guarded(Runnable task) {
        try {
            task.run();
            if (troubled) {
                troubled = false;
                log.info("Timers are looked after again");
            }
        } catch (RuntimeException e) {
            if (!troubled) {
                troubled = true;
                log.warn("Timers cannot be looked after right now; tried again until they can", e);
            }
        }
    }

    private static ScheduledExecutorService newThreads() {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("saga-timers").factory());
    }
}
