package io.baton.messaging;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/**
 * What waits in the outbox of this service, of all its instances together. Looked at every few seconds by the relay, so
 * asking costs nothing; while the database is away it is what it was before.
 */
public final class OutboxBacklog {

    private final Timer publish;
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
        publish = Timer.builder("outbox.publish")
                .description("Time until the broker has what the outbox gives it at once")
                .register(registry);
    }

    /** Sends, and notes how long that took, also if it failed. */
    void publish(Runnable sending) {
        publish.record(sending);
    }

    public Backlog latest() {
        return latest;
    }

    void tell(Backlog backlog) {
        latest = backlog;
    }
}
