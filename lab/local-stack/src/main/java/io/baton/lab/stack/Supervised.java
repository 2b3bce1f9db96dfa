package io.baton.lab.stack;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A component that is started again when it ends without having been told to. */
final class Supervised {

    /** Where a component is. */
    enum State {
        STOPPED,
        STARTING,
        READY,
        GAVE_UP
    }

    static final Duration PAUSE = Duration.ofSeconds(1);
    static final int RESTARTS = 5;
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final Component component;
    private final Runnable changed;
    private final Consumer<String> announce;
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private final Deque<Long> ends = new ArrayDeque<>();
    private volatile State state = State.STOPPED;
    private volatile boolean wanted;
    private volatile boolean closed;

    /**
     * @param changed called after every change of state or process
     * @param announce told what the person at the terminal should know
     */
    Supervised(Component component, Runnable changed, Consumer<String> announce) {
        this.component = component;
        this.changed = changed;
        this.announce = announce;
    }

    String name() {
        return component.name();
    }

    State state() {
        return state;
    }

    @Nullable ProcessHandle process() {
        return component.process();
    }

    /**
     * Starts the component and returns when it answers. Forgets how often it ended before.
     *
     * @throws RuntimeException if it does not start; it stays stopped then
     */
    void start() {
        oneAtATime.lock();
        try {
            ends.clear();
            wanted = true;
            if (state != State.READY) {
                try {
                    launch();
                } catch (RuntimeException problem) {
                    wanted = false;
                    throw problem;
                }
            }
        } finally {
            oneAtATime.unlock();
        }
    }

    /** Ends the component in order; it stays stopped. */
    void stop() {
        wanted = false;
        oneAtATime.lock();
        try {
            component.stop();
            become(State.STOPPED);
        } finally {
            oneAtATime.unlock();
        }
    }

    /** SIGKILL; the component is started again like after any other unexpected end. */
    void kill() {
        ProcessHandle process = component.process();
        if (process != null) {
            process.destroyForcibly();
        }
    }

    /** Ends the component for good, also while it is being started. */
    void close() {
        closed = true;
        wanted = false;
        if (oneAtATime.tryLock()) {
            try {
                component.stop();
            } finally {
                oneAtATime.unlock();
            }
        } else {
            // Somebody is waiting for it to become ready; that wait ends with the process.
            kill();
        }
        state = State.STOPPED;
    }

    private void launch() {
        if (closed) {
            throw new StackException("The stack is being stopped.");
        }
        become(State.STARTING);
        try {
            component.start();
        } catch (RuntimeException problem) {
            become(State.STOPPED);
            throw problem;
        }
        become(State.READY);
        ProcessHandle process = component.process();
        if (process != null) {
            process.onExit().thenRun(() -> Thread.startVirtualThread(() -> ended(process)));
        }
    }

    private void become(State next) {
        state = next;
        if (!closed) {
            changed.run();
        }
    }

    private void ended(ProcessHandle process) {
        if (!isOurs(process)) {
            return;
        }
        become(State.STARTING);
        do {
            if (endedTooOften()) {
                wanted = false;
                become(State.GAVE_UP);
                announce.accept(("%s ended more than %d times within a minute and is not started again. Its log: %s%n"
                                + "Once the cause is gone: ./demo start %s")
                        .formatted(name(), RESTARTS, component.log(), name()));
                return;
            }
            announce.accept(name() + " (process " + process.pid() + ") ended unexpectedly; it is started again.");
            try {
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        } while (!startedAgain(process));
    }

    /** Whether there is nothing more to do: it runs, or it is not wanted any more. */
    private boolean startedAgain(ProcessHandle former) {
        oneAtATime.lock();
        try {
            if (!wanted || closed || state == State.READY) {
                return true;
            }
            launch();
            announce.accept(name() + " is ready again (process " + pid() + ").");
            return true;
        } catch (RuntimeException problem) {
            if (!closed) {
                announce.accept(problem.getMessage());
            }
            return false;
        } finally {
            oneAtATime.unlock();
        }
    }

    private boolean isOurs(ProcessHandle process) {
        return wanted && !closed && process.equals(component.process());
    }

    private boolean endedTooOften() {
        long now = System.nanoTime();
        oneAtATime.lock();
        try {
            ends.addLast(now);
            while (now - ends.getFirst() > PERIOD.toNanos()) {
                ends.removeFirst();
            }
            return ends.size() > RESTARTS;
        } finally {
            oneAtATime.unlock();
        }
    }

    private long pid() {
        ProcessHandle process = component.process();
        return process == null ? 0 : process.pid();
    }
}
