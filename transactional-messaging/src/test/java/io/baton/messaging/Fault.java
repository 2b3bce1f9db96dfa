package io.baton.messaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Ends or stops its own process when it reaches a point for the n-th time. */
final class Fault implements CrashPoints {

    static final int HALTED = 9;

    /** Longer than the producer lingers, so that what was given to it has left. */
    private static final Duration LINGERED = Duration.ofMillis(400);

    private final String point;
    private final Kind kind;
    private int left;

    enum Kind {
        /** As {@code kill -9}: nothing more is done, nothing closed. */
        HALT,
        /** As {@code kill -STOP}: the process stands still, keeping connections and locks, until it is continued. */
        STOP
    }

    Fault(String point, int hit, Kind kind) {
        this.point = point;
        this.left = hit;
        this.kind = kind;
    }

    @Override
    public void reached(String reached) {
        if (!reached.equals(point) || --left != 0) {
            return;
        }
        if (point.equals(MID_SEND)) {
            LockSupport.parkNanos(LINGERED.toNanos());
        }
        switch (kind) {
            case HALT -> Runtime.getRuntime().halt(HALTED);
            case STOP -> stop();
        }
    }

    private static void stop() {
        try {
            new ProcessBuilder("kill", "-STOP", Long.toString(ProcessHandle.current().pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
