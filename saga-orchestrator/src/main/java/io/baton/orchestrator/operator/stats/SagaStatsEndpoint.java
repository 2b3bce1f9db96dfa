package io.baton.orchestrator.operator.stats;

import io.baton.messaging.OutboxBacklog;
import io.baton.orchestrator.execution.SagaCounts;
import io.baton.orchestrator.execution.SagaCounts.Balance;
import io.baton.orchestrator.execution.SagaCounts.Open;
import io.baton.orchestrator.execution.SagaCounts.Snapshot;
import io.baton.orchestrator.operator.stats.RecentSagas.Fared;
import io.baton.orchestrator.operator.stats.RecentSagas.Recent;
import io.baton.orchestrator.operator.stats.SagaStats.Ages;
import io.baton.orchestrator.operator.stats.SagaStats.DefinitionStats;
import io.baton.orchestrator.operator.stats.SagaStats.Heat;
import io.baton.orchestrator.operator.stats.SagaStats.ReasonCount;
import io.baton.orchestrator.operator.stats.SagaStats.StateCount;
import io.baton.orchestrator.operator.stats.SagaStats.SystemStats;
import io.baton.orchestrator.operator.stats.SagaStats.Window;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.stereotype.Component;

/**
 * How sagas fare: {@code GET /actuator/sagastats}. Its counts are a few seconds old, however many ask; what it says of the
 * last hour's sagas is half a minute old at most.
 */
@Component
@WebEndpoint(id = "sagastats")
class SagaStatsEndpoint {

    private static final List<String> BUCKETS = List.of("<10s", "<1m", "<5m", "<1h", "<1d", "older");

    private final CurrentCounts counts;
    private final CachedAnswer<Recent> recent;
    private final Throughput throughput;
    private final BrokerStats broker;
    private final OutboxBacklog outbox;

    SagaStatsEndpoint(
            CurrentCounts counts,
            RecentSagas recent,
            Throughput throughput,
            BrokerStats broker,
            OutboxBacklog outbox,
            Clock clock) {
        this.counts = counts;
        this.recent = new CachedAnswer<>(
                () -> recent.look(counts.get().asOf()), Duration.ofSeconds(10), clock);
        this.throughput = throughput;
        this.broker = broker;
        this.outbox = outbox;
    }

    @ReadOperation
    SagaStats stats() {
        Snapshot now = counts.get();
        Recent window = recent.get();
        return new SagaStats(
                now.asOf(),
                new Window(window.sagas(), window.since()),
                now.balances().entrySet().stream()
                        .map(entry -> definition(entry.getKey(), entry.getValue(), now, window))
                        .toList(),
                states(now),
                reasons(now),
                heat(now),
                throughput.minutes(),
                system(now));
    }

    private static DefinitionStats definition(String name, Balance sagas, Snapshot now, Recent window) {
        Fared fared = window.byDefinition().get(name);
        long ended = fared == null ? 0 : fared.completed() + fared.compensated();
        return new DefinitionStats(
                name,
                sagas.started(),
                sagas.completed(),
                sagas.compensated(),
                sagas.moving(),
                sagas.stuck(),
                now.open().stream()
                        .filter(open -> open.definition().equals(name))
                        .mapToLong(Open::paused)
                        .sum(),
                fared == null || ended == 0 ? null : (Double) ((double) fared.completed() / ended),
                fared == null ? null : fared.durations(),
                fared == null ? List.of() : fared.causes(),
                fared == null ? 0 : fared.unknownMillis(),
                now.oldest(name, _ -> true).orElse(null),
                now.oldest(name, open -> open.phase().isMoving()).orElse(null));
    }

    private static List<StateCount> states(Snapshot now) {
        Map<List<String>, Long> grouped = new TreeMap<>((a, b) -> String.join(" ", a).compareTo(String.join(" ", b)));
        now.open().forEach(open -> grouped.merge(List.of(open.definition(), open.state()), open.count(), Long::sum));
        return grouped.entrySet().stream()
                .map(entry -> new StateCount(entry.getKey().getFirst(), entry.getKey().getLast(), entry.getValue()))
                .toList();
    }

    private static List<ReasonCount> reasons(Snapshot now) {
        Map<String, Long> grouped = new TreeMap<>();
        now.open().stream()
                .filter(open -> open.reason() != null)
                .forEach(open -> grouped.merge(Objects.requireNonNull(open.reason()), open.count(), Long::sum));
        return grouped.entrySet().stream()
                .map(entry -> new ReasonCount(
                        entry.getKey(),
                        entry.getValue(),
                        now.snoozed().stream()
                                .filter(sagas -> sagas.reason().equals(entry.getKey()))
                                .mapToLong(SagaCounts.Snoozed::count)
                                .sum()))
                .toList();
    }

    private static List<Heat> heat(Snapshot now) {
        Map<List<String>, long[]> grouped = new TreeMap<>((a, b) -> String.join(" ", a).compareTo(String.join(" ", b)));
        for (Open open : now.open()) {
            String step = Objects.requireNonNullElse(open.step(), "");
            grouped.computeIfAbsent(
                    List.of(open.definition(), step), _ -> new long[SagaCounts.AGES.size() + 1])[open.age()] +=
                    open.count();
        }
        List<Heat> heat = new ArrayList<>();
        grouped.forEach((where, byAge) -> {
            List<Ages> ages = new ArrayList<>();
            for (int i = 0; i < byAge.length; i++) {
                ages.add(new Ages(BUCKETS.get(i), byAge[i]));
            }
            heat.add(new Heat(where.getFirst(), where.getLast(), ages));
        });
        return heat;
    }

    private SystemStats system(Snapshot now) {
        OutboxBacklog.Backlog waiting = outbox.latest();
        BrokerStats.Known known = broker.latest();
        return new SystemStats(
                now.timersOverdue(),
                waiting.pending(),
                waiting.pending() == 0 ? null : waiting.oldestAge(),
                known.lags(),
                now.deadLetters(),
                known.instances(),
                now.holds());
    }
}
