package io.baton.orchestrator.execution;

import io.baton.orchestrator.execution.SagaTally.What;
import io.baton.orchestrator.saga.Phase;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.Step;
import io.baton.orchestrator.saga.Stuck;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What the orchestrator counts as it happens, since this process started. Tags are names of the definitions, and codes
 * of this program: never what somebody sends.
 */
final class SagaMeters {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(10),
        Duration.ofHours(1)
    };

    private final MeterRegistry registry;
    private final Timer timerLag;

    SagaMeters(MeterRegistry registry) {
        this.registry = registry;
        timerLag = Timer.builder("saga.timer.lag")
                .description("How much later than due timers fired")
                .register(registry);
        count(new SagaTally.Key(SagaTally.What.STALE, "", "", ""), 0);
    }

    /**
     * Has every meter that can be foreseen begin at zero: of a counter that appears with its first increments nobody can
     * tell by how much it grew.
     */
    void expect(Collection<SagaDefinition<?>> definitions) {
        for (SagaDefinition<?> definition : definitions) {
            String name = definition.name();
            count(new SagaTally.Key(What.STARTED, name, "", ""), 0);
            for (Phase end : List.of(Phase.COMPLETED, Phase.COMPENSATED)) {
                timer(new SagaTally.Lasted(name, null, end.name(), Duration.ZERO));
            }
            for (Step<?> step : definition.steps()) {
                count(new SagaTally.Key(What.RETRIED, name, step.name(), ""), 0);
                if (step.compensation() != null) {
                    count(new SagaTally.Key(What.UNDONE, name, step.name(), ""), 0);
                }
                for (Stuck.Code code : Stuck.Code.values()) {
                    count(new SagaTally.Key(What.BECAME_STUCK, name, step.name(), code.name()), 0);
                }
            }
        }
        operatorActed("retry", OperatorAudit.Result.GRANTED, 0);
    }

    /** Counts when the current transaction has committed, and never if it rolls back. */
    void tellAfterCommit(SagaTally tally) {
        afterCommit(() -> tell(tally));
    }

    /** The same for what an operator tried. */
    void tellAfterCommit(String action, OperatorAudit.Result result) {
        afterCommit(() -> operatorActed(action, result, 1));
    }

    private static void afterCommit(Runnable telling) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            telling.run();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                telling.run();
            }
        });
    }

    private void operatorActed(String action, OperatorAudit.Result result, int count) {
        registry.counter("saga.operator.actions", "action", action, "outcome", result.name())
                .increment(count);
    }

    /** A timer fired so much later than it was due. */
    void timerFired(Duration late) {
        timerLag.record(late);
    }

    private void tell(SagaTally tally) {
        tally.counts().forEach(this::count);
        tally.lasted().forEach(lasted -> timer(lasted).record(lasted.time()));
    }

    private void count(SagaTally.Key key, int count) {
        switch (key.what()) {
            case STARTED -> registry.counter("saga.started", "definition", key.definition()).increment(count);
            case STARTED_AGAIN ->
                registry.counter("saga.started.again", "definition", key.definition()).increment(count);
            case BECAME_STUCK ->
                registry.counter(
                                "saga.became.stuck",
                                "definition", key.definition(), "step", key.step(), "reason", key.detail())
                        .increment(count);
            case RETRIED ->
                registry.counter("saga.step.retries", "definition", key.definition(), "step", key.step())
                        .increment(count);
            case UNDONE ->
                registry.counter("saga.compensations", "definition", key.definition(), "step", key.step())
                        .increment(count);
            case STALE -> registry.counter("saga.replies.stale").increment(count);
        }
    }

    private Timer timer(SagaTally.Lasted lasted) {
        if (lasted.step() == null) {
            return Timer.builder("saga.duration")
                    .description("From a saga's start to its end; its count is how many ended")
                    .tag("definition", lasted.definition())
                    .tag("outcome", lasted.outcome())
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry);
        }
        return Timer.builder("saga.step.duration")
                .description("From a command's last sending to its answer")
                .tag("definition", lasted.definition())
                .tag("step", lasted.step())
                .tag("outcome", lasted.outcome())
                .register(registry);
    }
}
