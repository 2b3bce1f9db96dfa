package io.baton.orchestrator.execution;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * What is done again and again, on one thread, for as long as the service runs. A turn that fails is waited out, told
 * once, and taken again after the usual pause; so is the end of the trouble told.
 */
public final class RecurringWork implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RecurringWork.class);
    private static final Duration LONGEST_TURN = Duration.ofSeconds(10);

    private final String name;
    private final int phase;
    private final List<Turns> turns = new ArrayList<>();
    private volatile boolean troubled;
    private volatile boolean running;
    private ScheduledExecutorService thread = newThread();

    /** @param another takes a turn and says whether there is another one to take at once */
    private record Turns(Duration pause, BooleanSupplier another, boolean beforeAnythingElse) {}

    /** @param name what the work is about, in the plural: for its thread and the log */
    public RecurringWork(String name) {
        this(name, DEFAULT_PHASE);
    }

    /** @param phase see {@link #getPhase}; what has a lower one starts earlier and stops later */
    RecurringWork(String name, int phase) {
        this.name = name;
        this.phase = phase;
    }

    /** Takes a turn after each such pause. */
    public RecurringWork every(Duration pause, Runnable turn) {
        return add(new Turns(pause, once(turn), false));
    }

    /** Takes a turn after each such pause, and before {@link #start} returns. */
    RecurringWork atOnceAndEvery(Duration pause, Runnable turn) {
        return add(new Turns(pause, once(turn), true));
    }

    /** Takes turns after each such pause, one after the other for as long as they say that there is another one. */
    public RecurringWork everyWhileThereIsMore(Duration pause, BooleanSupplier turn) {
        return add(new Turns(pause, turn, false));
    }

    private static BooleanSupplier once(Runnable turn) {
        return () -> {
            turn.run();
            return false;
        };
    }

    private RecurringWork add(Turns some) {
        turns.add(some);
        return this;
    }

    @Override
    public int getPhase() {
        return phase;
    }

    @Override
    public synchronized void start() {
        if (running) {
            return;
        }
        running = true;
        thread = newThread();
        for (Turns some : turns) {
            if (some.beforeAnythingElse) {
                take(some);
            }
            long pause = some.pause.toMillis();
            thread.scheduleWithFixedDelay(() -> take(some), pause, pause, TimeUnit.MILLISECONDS);
        }
    }

    /** Returns after the turn that is under way, for which it waits at most 10 seconds. */
    @Override
    public synchronized void stop() {
        if (!running) {
            return;
        }
        running = false;
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LONGEST_TURN.toSeconds(), TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void take(Turns some) {
        try {
            boolean isThereMore = true;
            while (running && isThereMore) {
                isThereMore = some.another.getAsBoolean();
            }
            if (troubled) {
                troubled = false;
                log.info("The {} are looked after again", name);
            }
        } catch (RuntimeException | Error e) {
            // Whatever left here would end the turns for good, and nobody would hear of it.
            if (!troubled) {
                troubled = true;
                log.warn("The {} cannot be looked after right now; tried again until they can", name, e);
            }
        }
    }

    private ScheduledExecutorService newThread() {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("saga-" + name).factory());
    }
}
