package io.baton.orchestrator.operator;

import io.baton.orchestrator.execution.HeldCommand;
import io.baton.orchestrator.execution.SagaDefinitions;
import io.baton.orchestrator.execution.SagaFilter;
import io.baton.orchestrator.execution.SagaHolds;
import io.baton.orchestrator.execution.SagaQueries;
import io.baton.orchestrator.execution.SagaQueries.Found;
import io.baton.orchestrator.execution.SagaQueries.LogLine;
import io.baton.orchestrator.execution.SagaQueries.Snapshot;
import io.baton.orchestrator.execution.SagaQueries.StaleLine;
import io.baton.orchestrator.execution.StoredSaga;
import io.baton.orchestrator.operator.SagaView.HeldView;
import io.baton.orchestrator.operator.SagaView.LogView;
import io.baton.orchestrator.operator.SagaView.StaleView;
import io.baton.orchestrator.operator.SagaView.StepView;
import io.baton.orchestrator.operator.SagaView.Why;
import io.baton.orchestrator.operator.stats.BrokerStats;
import io.baton.orchestrator.saga.Direction;
import io.baton.orchestrator.saga.Progress;
import io.baton.orchestrator.saga.Saga;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.StateDiagram;
import io.baton.orchestrator.saga.Step;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds sagas and shows them as an operator reads them. */
@Component
class SagaReader {

    private static final int MOST_LINES = 200;

    private final SagaQueries queries;
    private final SagaDefinitions definitions;
    private final SagaActions actions;
    private final SagaData data;
    private final AuditQueries audit;
    private final SagaHolds holds;
    private final Runbook runbook;
    private final BrokerStats broker;
    private final Map<SagaDefinition<?>, String> diagrams = new ConcurrentHashMap<>();

    SagaReader(
            SagaQueries queries,
            SagaDefinitions definitions,
            SagaActions actions,
            SagaData data,
            AuditQueries audit,
            SagaHolds holds,
            Runbook runbook,
            BrokerStats broker) {
        this.queries = queries;
        this.definitions = definitions;
        this.actions = actions;
        this.data = data;
        this.audit = audit;
        this.holds = holds;
        this.runbook = runbook;
        this.broker = broker;
    }

    SagaView.Page page(
            SagaFilter filter, boolean oldestFirst, @Nullable Long after, int limit, LongFunction<String> cursor) {
        Instant asOf = queries.now();
        Found found = queries.page(filter, oldestFirst, after, limit);
        return new SagaView.Page(
                found.sagas().stream().map(snapshot -> view(snapshot, asOf)).toList(),
                found.next() == null ? null : cursor.apply(found.next()),
                asOf);
    }

    SagaView.Detail detail(Snapshot snapshot) {
        Instant asOf = queries.now();
        StoredSaga stored = snapshot.saga();
        long id = stored.id().value();
        List<LogLine> log = queries.log(id);
        SagaData.Shown shown = data.hidden(stored);
        SagaDefinition<?> definition = stored.definition();
        return new SagaView.Detail(
                view(snapshot, asOf),
                steps(stored),
                log.stream().map(SagaReader::line).toList(),
                queries.stale(id, MOST_LINES).stream().map(SagaReader::stale).toList(),
                audit.ofSaga(id, MOST_LINES),
                holds.commandsOf(stored.id()).stream().map(held -> held(stored, held)).toList(),
                actions.allowed(stored, asOf),
                shown.data(),
                shown.hidden(),
                definition == null ? null : diagrams.computeIfAbsent(definition, StateDiagram::of),
                SequenceDiagram.of(stored, log, definitions),
                queries.deadLetters(id, MOST_LINES).stream()
                        .map(letter -> new SagaView.LetterView(
                                letter.id(), letter.topic(), letter.type(), letter.at(), letter.status()))
                        .toList(),
                queries.traceId(id).orElse(null),
                asOf);
    }

    /** The saga as it stands in lists. */
    SagaView view(Snapshot snapshot, Instant asOf) {
        StoredSaga stored = snapshot.saga();
        Saga saga = stored.saga();
        SagaDefinition<?> definition = stored.definition();
        Step<?> step = definition == null ? null : saga.currentStep(definition);
        Instant due = definition == null || stored.clock().isStopped() ? null : saga.dueAt(definition);
        boolean isSnoozed = snapshot.snoozedUntil() != null && snapshot.snoozedUntil().isAfter(asOf);
        return new SagaView(
                stored.id().toString(),
                stored.key(),
                stored.definitionName(),
                stored.definitionVersion(),
                stored.state(),
                step == null ? null : step.name(),
                step == null ? null : definitions.participant(stored, step.name()),
                step == null ? null : attempt(saga.of(step)),
                saga.reason() == null
                        ? null
                        : new Why(saga.reason().code(), saga.reason().step(), saga.reason().message()),
                saga.stuck() == null
                        ? null
                        : new Why(saga.stuck().code().name(), saga.stuck().step(), saga.stuck().message()),
                saga.stuck() == null ? null : runbook.page(saga.stuck().code().name()),
                snapshot.stuckSince(),
                snapshot.error(),
                stored.version(),
                stored.startedAt(),
                snapshot.updatedAt(),
                due,
                stored.clock().isPaused() ? true : null,
                snapshot.assignee(),
                isSnoozed ? snapshot.snoozedUntil() : null,
                snapshot.note());
    }

    private static HeldView held(StoredSaga stored, HeldCommand held) {
        return new HeldView(
                stored.commandName(held.command().step(), held.command().direction()),
                held.command().step(),
                held.command().direction().name(),
                held.command().attempt(),
                held.since(),
                held.holdId() == null ? "pause" : Long.toString(held.holdId()));
    }

    private List<StepView> steps(StoredSaga stored) {
        SagaDefinition<?> definition = stored.definition();
        if (definition == null) {
            return stored.saga().progress().entrySet().stream()
                    .map(entry -> new StepView(
                            entry.getKey(), null, null, status(entry.getValue()), attempt(entry.getValue()), null))
                    .toList();
        }
        return definition.steps().stream()
                .map(step -> {
                    Progress progress = stored.saga().of(step);
                    return new StepView(
                            step.name(),
                            step.kind().name(),
                            definitions.participant(stored, step.name()),
                            status(progress),
                            attempt(progress),
                            lag(stored, step, progress));
                })
                .toList();
    }

    private @Nullable Long lag(StoredSaga stored, Step<?> step, Progress progress) {
        Direction direction = switch (progress) {
            case Progress.Sent _, Progress.Failed _, Progress.Unknown _ -> Direction.ACTION;
            case Progress.Compensating _, Progress.CompensationFailed _ -> Direction.COMPENSATION;
            default -> null;
        };
        String topic = direction == null ? null : definitions.topicOf(stored, step.name(), direction);
        OptionalLong lag = topic == null ? OptionalLong.empty() : broker.lag(topic);
        return lag.isPresent() ? (Long) lag.getAsLong() : null;
    }

    private static String status(Progress progress) {
        return switch (progress) {
            case Progress.Pending() -> "PENDING";
            case Progress.Sent _ -> "SENT";
            case Progress.Failed _ -> "FAILED";
            case Progress.Unknown _ -> "UNKNOWN";
            case Progress.Done() -> "DONE";
            case Progress.Refused() -> "REFUSED";
            case Progress.Skipped() -> "SKIPPED";
            case Progress.Compensating _ -> "COMPENSATING";
            case Progress.CompensationFailed _ -> "COMPENSATION_FAILED";
            case Progress.Compensated() -> "COMPENSATED";
        };
    }

    private static @Nullable Integer attempt(Progress progress) {
        return progress.attempt() == 0 ? null : (Integer) progress.attempt();
    }

    private static LogView line(LogLine line) {
        return new LogView(
                line.seq(),
                line.at(),
                line.from(),
                line.to(),
                line.message(),
                line.step(),
                line.direction(),
                line.attempt(),
                line.outcome(),
                line.detail(),
                line.commandPosition(),
                line.replyPosition(),
                line.actor());
    }

    private static StaleView stale(StaleLine line) {
        return new StaleView(
                line.at(),
                line.step(),
                line.direction(),
                line.attempt(),
                line.outcome(),
                line.detail(),
                line.replyPosition());
    }
}
