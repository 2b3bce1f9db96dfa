package io.baton.orchestrator.operator.definitions;

import io.baton.orchestrator.execution.SagaCounts;
import io.baton.orchestrator.execution.SagaDefinitions;
import io.baton.orchestrator.operator.definitions.DefinitionView.InFlight;
import io.baton.orchestrator.operator.definitions.DefinitionView.StepView;
import io.baton.orchestrator.operator.stats.CurrentCounts;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.Stage;
import io.baton.orchestrator.saga.StateDiagram;
import io.baton.orchestrator.saga.Step;
import io.baton.orchestrator.saga.StepPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.stereotype.Component;

/** The definitions with the sagas that are under way: {@code GET /actuator/sagadefinitions}. */
@Component
@WebEndpoint(id = "sagadefinitions")
class SagaDefinitionsEndpoint {

    private final SagaDefinitions definitions;
    private final CurrentCounts counts;

    /** Drawing one asks the machine thousands of questions, always with the same answers. */
    private final Map<SagaDefinition<?>, String> diagrams = new ConcurrentHashMap<>();

    SagaDefinitionsEndpoint(SagaDefinitions definitions, CurrentCounts counts) {
        this.definitions = definitions;
        this.counts = counts;
    }

    /** All that this program has, and those of open sagas that it does not have. */
    @ReadOperation
    DefinitionView.All definitions() {
        SagaCounts.Snapshot now = counts.get();
        Map<String, List<SagaCounts.Open>> open = now.open().stream()
                .collect(Collectors.groupingBy(
                        sagas -> sagas.definition() + " " + sagas.version(), TreeMap::new, Collectors.toList()));
        List<DefinitionView> views = new ArrayList<>();
        for (SagaDefinition<?> definition : definitions.all()) {
            List<SagaCounts.Open> inFlight = open.remove(definition.name() + " " + definition.version());
            views.add(view(definition, inFlight == null ? List.of() : inFlight));
        }
        open.values().forEach(left -> views.add(DefinitionView.unknown(
                left.getFirst().definition(), left.getFirst().version(), inFlight(left))));
        return new DefinitionView.All(views, now.asOf());
    }

    private DefinitionView view(SagaDefinition<?> definition, List<SagaCounts.Open> open) {
        List<StepView> steps = new ArrayList<>();
        for (Stage<?> stage : definition.stages()) {
            for (Step<?> step : stage.steps()) {
                steps.add(step(step, stage.stateReached()));
            }
        }
        return new DefinitionView(
                definition.name(),
                definition.version(),
                definitions.hash(definition),
                definitions.isCurrent(definition),
                definition.pivot().name(),
                steps,
                definition.deadline(),
                definition.commandExpiry(),
                diagrams.computeIfAbsent(definition, StateDiagram::of),
                inFlight(open));
    }

    private StepView step(Step<?> step, @Nullable String stage) {
        StepPolicy patience = step.patience();
        Class<?> action = step.action() == null ? null : step.action().command();
        Class<?> compensation =
                step.compensation() == null ? null : step.compensation().command();
        Class<?> command = action == null ? compensation : action;
        return new StepView(
                step.name(),
                step.kind().name(),
                command == null ? null : SagaDefinitions.participantOf(definitions.topicOf(command)),
                action == null ? null : action.getSimpleName(),
                compensation == null ? null : compensation.getSimpleName(),
                patience.timeout(),
                patience.attempts(),
                patience.backoffBase(),
                patience.backoffCap(),
                stage);
    }

    private static List<InFlight> inFlight(List<SagaCounts.Open> open) {
        Map<Map.Entry<String, String>, Long> grouped = new LinkedHashMap<>();
        open.forEach(sagas -> grouped.merge(
                Map.entry(sagas.state(), sagas.step() == null ? "" : sagas.step()), sagas.count(), Long::sum));
        return grouped.entrySet().stream()
                .map(entry -> new InFlight(
                        entry.getKey().getValue().isEmpty() ? null : entry.getKey().getValue(),
                        entry.getKey().getKey(),
                        entry.getValue()))
                .toList();
    }
}
