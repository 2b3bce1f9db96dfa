package io.baton.orchestrator.execution;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** What the orchestrator counts. */
final class SagaMeters {

    private final MeterRegistry registry;
    private final AtomicLong moving = new AtomicLong();
    private final AtomicLong stuck = new AtomicLong();

    SagaMeters(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("saga.open", moving, AtomicLong::get)
                .description("Sagas that go on by themselves, a few seconds ago")
                .register(registry);
        Gauge.builder("saga.open.stuck", stuck, AtomicLong::get)
                .description("Sagas that need a person, a few seconds ago")
                .register(registry);
        counter(SagaTally.What.STALE, "");
    }

    /** Counts when the current transaction has committed, and never if it rolls back. */
    void tellAfterCommit(SagaTally tally) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            tell(tally);
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                tell(tally);
            }
        });
    }

    void tellOpen(SagaTimers.Open open) {
        moving.set(open.moving());
        stuck.set(open.stuck());
    }

    private void tell(SagaTally tally) {
        tally.counts().forEach((key, count) -> counter(key.what(), key.definition()).increment(count));
    }

    private Counter counter(SagaTally.What what, String definition) {
        return switch (what) {
            case STARTED -> registry.counter("saga.started", "definition", definition);
            case STARTED_AGAIN -> registry.counter("saga.started.again", "definition", definition);
            case COMPLETED -> registry.counter("saga.completed", "definition", definition);
            case COMPENSATED -> registry.counter("saga.compensated", "definition", definition);
            case STUCK -> registry.counter("saga.stuck", "definition", definition);
            case STALE -> registry.counter("saga.replies.stale");
        };
    }
}
