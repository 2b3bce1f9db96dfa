package io.baton.messaging;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/**
 * What waits in the outbox of this service, of all its instances together. Looked at every few seconds by the relay, so
 * asking costs nothing; while the database is away it is what it was before.
 */
public final class OutboxBacklog {

    private volatile Backlog latest = new Backlog(0, Duration.ZERO);

    /**
     * What waits.
     *
     * @param pending rows, each with all that one transaction had to say
     * @param oldestAge of the row that waits longest; zero if none waits
     */
    public record Backlog(long pending, Duration oldestAge) {}

    OutboxBacklog(MeterRegistry registry) {
        Gauge.builder("outbox.pending", this, backlog -> backlog.latest().pending())
                .description("Transactions whose messages wait to be sent, a few seconds ago")
                .register(registry);
        Gauge.builder("outbox.oldest.age", this, backlog -> backlog.latest().oldestAge().toMillis() / 1_000.0)
                .description("How long the one that waits longest has waited")
                .baseUnit("seconds")
                .register(registry);
    }

    public Backlog latest() {
        return latest;
    }

    void tell(Backlog backlog) {
        latest = backlog;
    }
}
