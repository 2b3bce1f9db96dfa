package io.baton.orchestrator.operator.stats;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is worked out once for all who ask within a few seconds; who asks while it is being worked out waits for
 * it. What takes long is kept longer, so that working it out never takes more than a twentieth of the time.
 */
final class CachedAnswer<T> {

    private static final int SHARE = 20;

    private final Supplier<T> source;
    private final Duration ageMax;
    private final Clock clock;
    private @Nullable T answer;
    private Instant freshUntil = Instant.MIN;

    CachedAnswer(Supplier<T> source, Duration ageMax, Clock clock) {
        this.source = source;
        this.ageMax = ageMax;
        this.clock = clock;
    }

    /** @throws RuntimeException what the source throws, to whoever asked first; the next one tries again */
    synchronized T get() {
        T known = answer;
        Instant asked = clock.instant();
        if (known != null && asked.isBefore(freshUntil)) {
            return known;
        }
        T found = source.get();
        Instant now = clock.instant();
        Duration took = Duration.between(asked, now);
        Duration keep = took.multipliedBy(SHARE);
        answer = found;
        freshUntil = now.plus(keep.compareTo(ageMax) > 0 ? keep : ageMax);
        return found;
    }
}
