package io.baton.lab.stack;

import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;

/** Shows what is being started, one line for each thing that is ready, and a sign of life in between. */
final class Progress implements AutoCloseable {

    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(10);

    private final PrintStream out;
    private final long started = System.nanoTime();
    private final Set<String> pending = new LinkedHashSet<>();
    private final Thread heart;
    private long lastLine = started;

    Progress(PrintStream out) {
        this.out = out;
        this.heart = Thread.ofVirtual().start(this::beat);
    }

    /** Runs a step of the start and says when it is done. */
    <T> T step(String name, Callable<T> work) throws Exception {
        long begun = System.nanoTime();
        synchronized (pending) {
            pending.add(name);
        }
        try {
            T result = work.call();
            line("  %-20s ready after %.1f s".formatted(name, (System.nanoTime() - begun) / 1e9));
            return result;
        } finally {
            synchronized (pending) {
                pending.remove(name);
            }
        }
    }

    double seconds() {
        return (System.nanoTime() - started) / 1e9;
    }

    private void line(String text) {
        synchronized (pending) {
            out.println(text);
            lastLine = System.nanoTime();
        }
    }

    private void beat() {
        try {
            while (true) {
                Thread.sleep(SIGN_OF_LIFE);
                synchronized (pending) {
                    if (!pending.isEmpty() && System.nanoTime() - lastLine >= SIGN_OF_LIFE.toNanos()) {
                        line("  ... %s (%.0f s)".formatted(String.join(", ", pending), seconds()));
                    }
                }
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        heart.interrupt();
    }
}
