package io.baton.orchestrator.execution;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How timers are looked after.
 *
 * @param tick how often due timers are looked for
 * @param sweep how often the sweep runs
 * @param rate how many timers this instance fires a second at most, so that a long downtime is followed by no burst
 */
@ConfigurationProperties("baton.timers")
record TimerSettings(
        @DefaultValue("250ms") Duration tick, @DefaultValue("1s") Duration sweep, @DefaultValue("400") int rate) {

    TimerSettings {
        require(tick.toMillis() >= 10 && tick.toMillis() <= 10_000, "tick to a time from 10ms to 10s");
        require(sweep.toMillis() >= 10 && sweep.toMillis() <= 60_000, "sweep to a time from 10ms to 60s");
        require(rate >= 1 && rate <= 100_000, "rate to a number from 1 to 100000");
    }

    /** How many timers may fire in one tick. */
    int perTick() {
        return (int) Math.max(1, rate * tick.toMillis() / 1_000);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException("Set baton.timers." + what);
        }
    }
}
