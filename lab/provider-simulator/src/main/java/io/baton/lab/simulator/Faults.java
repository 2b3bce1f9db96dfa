package io.baton.lab.simulator;

import org.jspecify.annotations.Nullable;

/**
 * How the gateway misbehaves toward every caller, beside what single cards ask for. A field that is left out is none of
 * that fault.
 *
 * @param latencyMillis added to every answer; at most 60,000
 * @param errorRate share of requests answered 500 with nothing done, from 0 to 1
 * @param timeoutBeforeRate share of requests that hang with nothing done, from 0 to 1
 * @param timeoutAfterRate share of requests that are carried out and then hang, from 0 to 1
 * @param down every request is answered 503 with nothing done
 */
public record Faults(
        int latencyMillis, double errorRate, double timeoutBeforeRate, double timeoutAfterRate, boolean down) {

    /** A gateway in good health. */
    public static final Faults NONE = new Faults(0, 0, 0, 0, false);

    private static final int MAX_LATENCY_MILLIS = 60_000;

    public Faults {
        requireRate("errorRate", errorRate);
        requireRate("timeoutBeforeRate", timeoutBeforeRate);
        requireRate("timeoutAfterRate", timeoutAfterRate);
        if (latencyMillis < 0 || latencyMillis > MAX_LATENCY_MILLIS) {
            throw new BadRequest(
                    "Expected latencyMillis from 0 to " + MAX_LATENCY_MILLIS + " but got " + latencyMillis);
        }
    }

    /** The body of {@code /faults}: one entry per provider. */
    record ByProvider(@Nullable Faults gateway) {}

    private static void requireRate(String name, double rate) {
        if (!(rate >= 0 && rate <= 1)) {
            throw new BadRequest("Expected " + name + " from 0 to 1 but got " + rate);
        }
    }
}
