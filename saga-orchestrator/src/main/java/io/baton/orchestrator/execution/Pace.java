package io.baton.orchestrator.execution;

import java.time.Duration;

/**
 * How fast something is done, in turns that are a quarter of a second apart or more.
 *
 * @param maxPerSecond from 1 to {@link #FASTEST}
 */
public record Pace(int maxPerSecond) {

    public static final int FASTEST = 1_000;

    private static final int TURNS_PER_SECOND = 4;

    public Pace {
        if (maxPerSecond < 1 || maxPerSecond > FASTEST) {
            throw new IllegalArgumentException(
                    "Expected a number from 1 to " + FASTEST + " a second but got " + maxPerSecond);
        }
    }

    /** How many may be done in one turn. */
    public int perTurn() {
        return Math.max(1, maxPerSecond / TURNS_PER_SECOND);
    }

    /** How long to wait after a turn in which so many were done. */
    public Duration after(int done) {
        return Duration.ofMillis(done * 1_000L / maxPerSecond);
    }
}
