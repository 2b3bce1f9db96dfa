package io.baton.payment.gateway;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before a call is made again: twice as long each time, up to a bound, and somewhere in the second
 * half of that, so that calls which failed together do not come back together.
 */
final class RetryDelay {

    private static final Duration FIRST = Duration.ofMillis(200);
    private static final int MAX_DOUBLINGS = 20;

    private final Duration max;
    private final DoubleSupplier random;

    /** @param random from 0 to 1, 1 excluded */
    RetryDelay(Duration max, DoubleSupplier random) {
        this.max = max;
        this.random = random;
    }

    /** @param tries made so far, at least 1 */
    Duration after(int tries) {
        long doubled = FIRST.toMillis() << Math.min(tries - 1, MAX_DOUBLINGS);
        long bound = Math.min(doubled, max.toMillis());
        return Duration.ofMillis(Math.round(bound / 2.0 + bound / 2.0 * random.getAsDouble()));
    }
}
