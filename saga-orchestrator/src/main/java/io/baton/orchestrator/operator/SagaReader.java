package io.baton.orchestrator.operator;

import io.baton.contract.SagaId;
import io.baton.orchestrator.execution.SagaQueries;
import io.baton.orchestrator.execution.SagaQueries.Found;
import io.baton.orchestrator.execution.SagaQueries.LogLine;
import io.baton.orchestrator.execution.SagaQueries.Snapshot;
import io.baton.orchestrator.execution.StoredSaga;
import io.baton.orchestrator.operator.SagaView.LogView;
import io.baton.orchestrator.operator.SagaView.StepView;
import io.baton.orchestrator.operator.SagaView.Why;
import io.baton.orchestrator.saga.Progress;
import io.baton.orchestrator.saga.Saga;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.Step;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds sagas and shows them as an operator reads them. */
@Component
class SagaReader {

    private final SagaQueries queries;

    SagaReader(SagaQueries queries) {
        this.queries = queries;
    }

    Set<String> states() {
        return queries.states();
    }

    SagaView.Page page(@Nullable Long businessKey, @Nullable String state, int limit, long below) {
        if (businessKey != null) {
            List<SagaView> about = queries.about(businessKey).stream()
                    .filter(snapshot -> state == null || snapshot.saga().state().equals(state))
                    .filter(snapshot -> snapshot.saga().id().value() < below)
                    .limit(limit)
                    .map(snapshot -> view(snapshot, null, null))
                    .toList();
            return new SagaView.Page(about, null);
        }
        Found found = state == null ? queries.newest(below, limit) : queries.newestIn(state, below, limit);
        return new SagaView.Page(
                found.sagas().stream().map(snapshot -> view(snapshot, null, null)).toList(),
                found.next() == null ? null : new SagaId(found.next()).toString());
    }

    Optional<SagaView> find(long id) {
        return queries.find(id).map(snapshot -> view(
                snapshot,
                steps(snapshot.saga()),
                queries.log(id).stream().map(SagaReader::line).toList()));
    }

    private static SagaView view(Snapshot snapshot, @Nullable List<StepView> steps, @Nullable List<LogView> log) {
        StoredSaga stored = snapshot.saga();
        Saga saga = stored.saga();
        SagaDefinition<?> definition = stored.definition();
        Step<?> step = definition == null ? null : saga.currentStep(definition);
        Instant due = definition == null || stored.clock().isStopped() ? null : saga.dueAt(definition);
        return new SagaView(
                stored.id().toString(),
                stored.key(),
                stored.definitionName(),
                stored.definitionVersion(),
                stored.state(),
                step == null ? null : step.name(),
                step == null ? null : attempt(saga.of(step)),
                saga.reason() == null
                        ? null
                        : new Why(saga.reason().code(), saga.reason().step(), saga.reason().message()),
                saga.stuck() == null
                        ? null
                        : new Why(saga.stuck().code().name(), saga.stuck().step(), saga.stuck().message()),
                stored.version(),
                stored.startedAt(),
                snapshot.updatedAt(),
                due,
                steps,
                log);
    }

    private static List<StepView> steps(StoredSaga stored) {
        SagaDefinition<?> definition = stored.definition();
        if (definition == null) {
            return stored.saga().progress().entrySet().stream()
                    .map(entry -> new StepView(entry.getKey(), null, status(entry.getValue()),
                            attempt(entry.getValue())))
                    .toList();
        }
        return definition.steps().stream()
                .map(step -> {
                    Progress progress = stored.saga().of(step);
                    return new StepView(step.name(), step.kind().name(), status(progress), attempt(progress));
                })
                .toList();
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
}
