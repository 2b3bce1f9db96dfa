package io.baton.orchestrator.saga;

import io.baton.orchestrator.saga.SagaInput.Kind;
import io.baton.orchestrator.saga.SagaInput.ReplyArrived;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Prints a definition's states as a Mermaid diagram, by asking the machine what follows from everything possible. */
public final class StateDiagram {

    private static final int MOST_STATES = 100_000;
    private static final StepPolicy IMPATIENT =
            new StepPolicy(Duration.ofMillis(1), 1, Duration.ofMillis(1), Duration.ofMillis(1));

    private StateDiagram() {}

    /** The diagram's text. States are those that people see; moves that stay in one are left out. */
    public static String of(SagaDefinition<?> definition) {
        SagaDefinition<?> impatient = impatient(definition);
        Map<String, Set<String>> labels = new TreeMap<>();
        Set<Saga> seen = new HashSet<>();
        Deque<Saga> open = new ArrayDeque<>();
        List<String> ends = new ArrayList<>();
        Saga start = Saga.unstarted(Instant.EPOCH);
        open.add(start);
        while (!open.isEmpty() && seen.size() < MOST_STATES) {
            Saga saga = open.remove();
            if (!seen.add(saga)) {
                continue;
            }
            if (saga.phase().isFinal() && !ends.contains(saga.stateName(definition))) {
                ends.add(saga.stateName(definition));
            }
            // Two times are enough: everything is due as soon as it was sent, and at last the saga is too late.
            for (Instant now : List.of(Instant.EPOCH.plusMillis(1), Instant.EPOCH.plus(definition.deadline()))) {
                for (SagaInput input : inputs(impatient, saga)) {
                    if (SagaMachine.decide(impatient, saga, input, now, 0) instanceof Decision.Moved moved) {
                        open.add(timeless(moved.saga()));
                        note(labels, moved.log(), label(saga, moved, input));
                    }
                }
            }
        }
        return print(definition, labels, ends);
    }

    private static void note(Map<String, Set<String>> labels, LogEntry log, String label) {
        if (log.to().equals(log.from())) {
            return;
        }
        String from = log.from() == null ? "[*]" : log.from();
        labels.computeIfAbsent(from + " --> " + log.to(), _ -> new TreeSet<>()).add(label);
    }

    private static String label(Saga before, Decision.Moved moved, SagaInput input) {
        boolean wished = before.phase() == Phase.FORWARD && before.reason() != null;
        return wished && moved.saga().phase() == Phase.COMPENSATING ? "cancelled" : label(moved.log(), input);
    }

    private static String label(LogEntry log, SagaInput input) {
        return switch (input) {
            case SagaInput.Started() -> "started";
            case ReplyArrived reply ->
                reply.direction() == Direction.ACTION
                        ? reply.step() + " " + word(reply.kind())
                        : (reply.kind() == Kind.DONE ? reply.step() + " " : "") + "compensation " + word(reply.kind());
            case SagaInput.TimerFired() ->
                log.outcome().equals("DEADLINE")
                        ? "deadline"
                        : log.direction() == Direction.COMPENSATION ? "compensation timeout" : log.step() + " timeout";
            case SagaInput.ReplyUnreadable _ -> "unreadable answer";
            case SagaInput.CancelRequested _ -> "cancel";
            case SagaInput.OperatorActed(_, _, OperatorAction action) -> "operator " + word(action);
        };
    }

    private static String word(Kind kind) {
        return switch (kind) {
            case DONE -> "done";
            case REFUSED -> "refused";
            case FAILED -> "failed";
        };
    }

    private static String word(OperatorAction action) {
        return switch (action) {
            case OperatorAction.Retry() -> "retry";
            case OperatorAction.Compensate() -> "compensate";
            case OperatorAction.Skip _ -> "skip";
            case OperatorAction.Resolve _ -> "resolve";
            case OperatorAction.Extend _ -> "extend";
        };
    }

    private static List<SagaInput> inputs(SagaDefinition<?> definition, Saga saga) {
        List<SagaInput> inputs = new ArrayList<>();
        inputs.add(new SagaInput.Started());
        inputs.add(new SagaInput.TimerFired());
        for (Step<?> step : definition.steps()) {
            for (Direction direction : Direction.values()) {
                for (Kind kind : Kind.values()) {
                    inputs.add(ReplyArrived.not(kind, step.name(), direction, 1, "", ""));
                }
                inputs.add(new SagaInput.ReplyUnreadable(step.name(), direction, 1, ""));
            }
            inputs.add(acted(new OperatorAction.Skip(step.name())));
            inputs.add(acted(new OperatorAction.Resolve(step.name(), true)));
            inputs.add(acted(new OperatorAction.Resolve(step.name(), false)));
        }
        if (saga.isStarted()) {
            inputs.add(new SagaInput.CancelRequested("", "", ""));
            inputs.add(acted(new OperatorAction.Retry()));
            inputs.add(acted(new OperatorAction.Compensate()));
        }
        return inputs;
    }

    private static SagaInput acted(OperatorAction action) {
        return new SagaInput.OperatorActed("", "", action);
    }

    /** Sagas that differ only in texts, times and counts are one. */
    private static Saga timeless(Saga saga) {
        Reason reason = saga.reason() == null ? null : new Reason("", "", "");
        Stuck stuck = saga.stuck() == null
                ? null
                : new Stuck(saga.stuck().code(), saga.stuck().step(), "", saga.stuck().from());
        Map<String, Progress> progress = new TreeMap<>();
        saga.progress().forEach((step, value) -> progress.put(step, switch (value) {
            case Progress.Sent _ -> new Progress.Sent(1, Instant.EPOCH);
            case Progress.Compensating _ -> new Progress.Compensating(1, Instant.EPOCH);
            case Progress.Unknown _ -> new Progress.Unknown(1);
            default -> value;
        }));
        return new Saga(saga.phase(), saga.startedAt(), progress, Map.of(), Duration.ZERO, Map.of(), reason, stuck);
    }

    private static <D extends Record> SagaDefinition<D> impatient(SagaDefinition<D> definition) {
        SagaDefinition<D> changed = definition;
        for (Step<D> step : definition.steps()) {
            changed = changed.withPolicy(step.name(), IMPATIENT);
        }
        return changed;
    }

    private static String print(SagaDefinition<?> definition, Map<String, Set<String>> labels, List<String> ends) {
        StringBuilder text = new StringBuilder("%% Printed from the definition '" + definition.name() + "' version "
                + definition.version() + " by StateDiagram; a test fails when it is stale.\nstateDiagram-v2\n");
        List<String> order = new ArrayList<>(List.of("[*]"));
        definition.stages().forEach(stage -> order.add(stage.stateReached()));
        order.addAll(List.of(Phase.COMPENSATING.name(), Phase.STUCK.name()));
        for (String from : order) {
            labels.forEach((arrow, causes) -> {
                if (arrow.startsWith(from + " --> ")) {
                    text.append("    ").append(arrow).append(" : ").append(String.join(", ", causes)).append('\n');
                }
            });
        }
        ends.stream().sorted().forEach(end -> text.append("    ").append(end).append(" --> [*]\n"));
        return text.toString();
    }
}
