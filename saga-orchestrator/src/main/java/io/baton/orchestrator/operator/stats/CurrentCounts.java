package io.baton.orchestrator.operator.stats;

import io.baton.orchestrator.execution.SagaCounts;
import io.baton.orchestrator.execution.SagaCounts.Snapshot;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The counts that everybody is shown: of at most fifteen seconds ago, unless counting itself takes long. */
@Component
public class CurrentCounts {

    private final CachedAnswer<Snapshot> cached;
    private volatile @Nullable Snapshot last;

    CurrentCounts(SagaCounts counts, Clock clock) {
        cached = new CachedAnswer<>(counts::take, Duration.ofSeconds(5), clock);
    }

    /** @throws RuntimeException if they are too old and the database cannot be reached */
    public Snapshot get() {
        Snapshot counts = cached.get();
        last = counts;
        return counts;
    }

    /**
     * The counts of at most five seconds ago, unless counting itself takes long. Whoever asks waits for them, and keeps nobody
     * else waiting.
     */
    Snapshot renewed() {
        Snapshot counts = cached.renewed();
        last = counts;
        return counts;
    }

    /** The latest that are known, however old; none before the first. Never waits. */
    Optional<Snapshot> last() {
        return Optional.ofNullable(last);
    }
}
