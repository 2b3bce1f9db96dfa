package io.baton.orchestrator.operator.stats;

import io.baton.orchestrator.execution.DefinitionComparison;
import io.baton.orchestrator.execution.SagaCounts.Balance;
import io.baton.orchestrator.execution.SagaCounts.Open;
import io.baton.orchestrator.execution.SagaCounts.Snapshot;
import io.baton.orchestrator.execution.SagaCounts.Snoozed;
import io.baton.orchestrator.execution.SagaDefinitions;
import io.baton.orchestrator.saga.Phase;
import io.baton.orchestrator.saga.SagaDefinition;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * The counts as gauges, every ten seconds. They tell of all instances together, so of several instances' values one is to
 * be taken, not the sum. While the database is away they stay, and {@code saga.counts.age} grows. As often the broker is asked
 * what it knows, so that nobody who asks for statistics waits for it.
 */
@Component
@Profile("!" + DefinitionComparison.PROFILE)
class SagaGauges implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(SagaGauges.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final List<SagaDefinition<?>> definitions;
    private final CurrentCounts counts;
    private final Throughput throughput;
    private final BrokerStats broker;
    private final Clock clock;
    private final MultiGauge active;
    private final MultiGauge stuckGauge;
    private final MultiGauge snoozedGauge;
    private final MultiGauge oldest;
    private final MultiGauge balance;
    private final MultiGauge deadLetters;
    private volatile boolean troubled;
    private volatile boolean running;
    private ScheduledExecutorService thread = newThread();

    SagaGauges(
            MeterRegistry registry,
            CurrentCounts counts,
            Throughput throughput,
            BrokerStats broker,
            SagaDefinitions definitions,
            Clock clock) {
        this.definitions = definitions.all();
        this.counts = counts;
        this.throughput = throughput;
        this.broker = broker;
        this.clock = clock;
        active = MultiGauge.builder("saga.active")
                .description("Sagas that have not ended, by state")
                .register(registry);
        stuckGauge = MultiGauge.builder("saga.stuck")
                .description("Sagas that need a person")
                .register(registry);
        snoozedGauge = MultiGauge.builder("saga.stuck.snoozed")
                .description("Those of them that are put off, and are no reason for an alarm")
                .register(registry);
        oldest = MultiGauge.builder("saga.oldest.age")
                .description("Age of the oldest saga that goes on by itself; 0 if there is none")
                .baseUnit("seconds")
                .register(registry);
        balance = MultiGauge.builder("saga.balance")
                .description("All sagas there ever were: STARTED = COMPLETED + COMPENSATED + MOVING + STUCK")
                .register(registry);
        deadLetters = MultiGauge.builder("dead.letters")
                .description("Dead letters by what became of them")
                .register(registry);
        gauge(registry, "saga.timers.overdue", "Timers that should have fired five seconds ago", Snapshot::timersOverdue);
        Gauge.builder("saga.counts.age", this, SagaGauges::age)
                .description("How old the gauges of sagas are")
                .baseUnit("seconds")
                .register(registry);
    }

    @Override
    public synchronized void start() {
        if (!running) {
            running = true;
            thread = newThread();
            thread.scheduleWithFixedDelay(this::refresh, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public synchronized void stop() {
        running = false;
        thread.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void refresh() {
        broker.keepFresh();
        try {
            tell(counts.renewed());
            troubled = false;
        } catch (RuntimeException | Error e) {
            // The executor would never count again.
            if (!troubled && running) {
                troubled = true;
                log.warn("Sagas cannot be counted right now ({}); the gauges stay until they can", e.toString());
            }
        }
    }

    /** Shows these counts. */
    void tell(Snapshot now) {
        throughput.note(now);
        active.register(rows(active(now.open())), true);
        stuckGauge.register(rows(stuck(now.open())), true);
        snoozedGauge.register(rows(snoozed(now.snoozed())), true);
        balance.register(now.balances().entrySet().stream()
                .flatMap(entry -> balance(entry.getKey(), entry.getValue()).stream())
                .toList(), true);
        oldest.register(now.balances().keySet().stream()
                .map(definition -> MultiGauge.Row.of(Tags.of("definition", definition), oldestAge(now, definition)))
                .toList(), true);
        deadLetters.register(List.of("NEW", "REDRIVEN", "DISCARDED").stream()
                .map(status -> MultiGauge.Row.of(
                        Tags.of("status", status), now.deadLetters().getOrDefault(status, 0L)))
                .toList(), true);
    }

    private static List<MultiGauge.Row<?>> balance(String definition, Balance sagas) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        Map.of(
                        "STARTED", sagas.started(),
                        "COMPLETED", sagas.completed(),
                        "COMPENSATED", sagas.compensated(),
                        "MOVING", sagas.moving(),
                        "STUCK", sagas.stuck())
                .forEach((part, count) ->
                        rows.add(MultiGauge.Row.of(Tags.of("definition", definition, "part", part), count)));
        return rows;
    }

    private static double oldestAge(Snapshot now, String definition) {
        return now.oldest(definition, open -> open.phase().isMoving())
                .map(oldest -> Math.max(0, Duration.between(oldest, now.asOf()).toMillis() / 1_000.0))
                .orElse(0.0);
    }

    /** With a zero where there are none, so that a graph falls to it. */
    private Map<Tags, Long> active(List<Open> open) {
        Map<Tags, Long> counts = new LinkedHashMap<>();
        for (SagaDefinition<?> definition : definitions) {
            List<String> states = new ArrayList<>(List.of(Phase.COMPENSATING.name(), Phase.STUCK.name()));
            definition.stages().stream().limit(definition.stages().size() - 1L).forEach(stage ->
                    states.add(stage.stateReached()));
            states.forEach(state -> counts.put(Tags.of("definition", definition.name(), "state", state), 0L));
        }
        open.forEach(sagas -> counts.merge(
                Tags.of("definition", sagas.definition(), "state", sagas.state()), sagas.count(), Long::sum));
        return counts;
    }

    /** With one zero for each definition, which has no step and no reason. */
    private Map<Tags, Long> zeros() {
        Map<Tags, Long> counts = new LinkedHashMap<>();
        definitions.forEach(definition -> counts.put(
                Tags.of("definition", definition.name(), "step", "", "reason", ""), 0L));
        return counts;
    }

    private Map<Tags, Long> snoozed(List<Snoozed> snoozed) {
        Map<Tags, Long> counts = zeros();
        snoozed.forEach(sagas -> counts.merge(
                Tags.of("definition", sagas.definition(), "step", sagas.step(), "reason", sagas.reason()),
                sagas.count(),
                Long::sum));
        return counts;
    }

    private Map<Tags, Long> stuck(List<Open> open) {
        Map<Tags, Long> counts = zeros();
        open.stream()
                .filter(sagas -> sagas.reason() != null)
                .forEach(sagas -> counts.merge(
                        Tags.of(
                                "definition", sagas.definition(),
                                "step", Objects.requireNonNullElse(sagas.step(), ""),
                                "reason", String.valueOf(sagas.reason())),
                        sagas.count(),
                        Long::sum));
        return counts;
    }

    private static List<MultiGauge.Row<?>> rows(Map<Tags, Long> grouped) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        grouped.forEach((tags, count) -> rows.add(MultiGauge.Row.of(tags, count)));
        return rows;
    }

    private void gauge(MeterRegistry registry, String name, String description, Function<Snapshot, Number> value) {
        Gauge.builder(name, this, gauges -> gauges.counts
                        .last()
                        .map(now -> value.apply(now).doubleValue())
                        .orElse(Double.NaN))
                .description(description)
                .register(registry);
    }

    private double age() {
        return counts.last()
                .map(now -> Math.max(0, Duration.between(now.asOf(), clock.instant()).toMillis() / 1_000.0))
                .orElse(Double.NaN);
    }

    private static ScheduledExecutorService newThread() {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("saga-gauges").factory());
    }
}
