package io.baton.orchestrator.saga;

import java.time.Duration;

/**
 * How patient a step is, in either direction.
 *
 * @param timeout how long an attempt's answer is awaited before the command is sent again
 * @param attempts how often a command is sent at most; from 1 to 1,000
 * @param backoffBase the longest pause after the first technical failure; doubles with each further one
 * @param backoffCap what that pause never exceeds
 */
public record StepPolicy(Duration timeout, int attempts, Duration backoffBase, Duration backoffCap) {

    static final Duration LONGEST = Duration.ofDays(30);
    private static final int MOST_ATTEMPTS = 1_000;

    /** Ten seconds to answer, six attempts, pauses of 1 s to 30 s. */
    public static final StepPolicy DEFAULT =
            new StepPolicy(Duration.ofSeconds(10), 6, Duration.ofSeconds(1), Duration.ofSeconds(30));

    /** @throws IllegalArgumentException naming the bound that is missing or senseless */
    public StepPolicy {
        requireBound("timeout", timeout);
        requireBound("backoff-base", backoffBase);
        requireBound("backoff-cap", backoffCap);
        if (attempts < 1 || attempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("Expected attempts from 1 to " + MOST_ATTEMPTS + " but got " + attempts);
        }
        if (backoffCap.compareTo(backoffBase) < 0) {
            throw new IllegalArgumentException(
                    "Expected a backoff-cap of at least the backoff-base " + backoffBase + " but got " + backoffCap);
        }
    }

    /**
     * The pause after the technical failure of an attempt: exponential, with full jitter, so that many sagas that
     * failed together do not come back together.
     *
     * @param attempt the attempt that failed, from 1
     * @param jitter from 0 (no pause) to 1 (the longest); anything else is taken as the nearest of the two
     */
    Duration pauseAfter(int attempt, double jitter) {
        // Thirty doublings of the longest base still fit a long.
        int doublings = Math.clamp(attempt - 1, 0, 30);
        long longest = Math.min(backoffCap.toMillis(), backoffBase.toMillis() << doublings);
        double share = Double.isNaN(jitter) ? 1 : Math.clamp(jitter, 0.0, 1.0);
        return Duration.ofMillis((long) (longest * share));
    }

    static void requireBound(String name, Duration value) {
        if (value == null) {
            throw new IllegalArgumentException("Expected a " + name + " but there is none");
        }
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "Expected a " + name + " from 1 ms to " + LONGEST.toDays() + " days but got " + value);
        }
    }
}
