package io.baton.orchestrator.saga;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A saga as data: its stages in order, and its bounds. A saga keeps the version it started with, and stored sagas name
 * their steps, so anything but patience may change only under a new version; {@link #shape} tells whether it did.
 *
 * @param <D> what the saga knows: the request that starts it
 */
public final class SagaDefinition<D extends Record> {

    private final String name;
    private final int version;
    private final Class<D> dataType;
    private final ToLongFunction<D> businessKey;
    private final List<Stage<D>> stages;
    private final Duration deadline;
    private final Duration commandExpiry;
    private final Facts<D> facts;
    private final List<Step<D>> steps;
    private final Map<String, Step<D>> stepsByName;
    private final Step<D> pivot;

    /**
     * @param dataType the request that starts such a saga, also all that the saga knows
     * @param businessKey what the saga is about; there is one saga per definition and key
     * @param stages {@code compensable* -> pivot -> retriable*}
     * @param deadline how long the saga may take to reach the pivot, counted from its start; one that is past its pivot
     *     by then, and has to send something again, needs a person
     * @param commandExpiry how long after its sending a command may still take effect
     * @throws IllegalArgumentException if a rule is broken, naming the rule and the step
     */
    public SagaDefinition(
            String name,
            int version,
            Class<D> dataType,
            ToLongFunction<D> businessKey,
            List<? extends Stage<D>> stages,
            Duration deadline,
            Duration commandExpiry) {
        this(name, version, dataType, businessKey, stages, deadline, commandExpiry, Facts.none());
    }

    private SagaDefinition(
            String name,
            int version,
            Class<D> dataType,
            ToLongFunction<D> businessKey,
            List<? extends Stage<D>> stages,
            Duration deadline,
            Duration commandExpiry,
            Facts<D> facts) {
        this.name = name;
        this.version = version;
        this.dataType = dataType;
        this.businessKey = businessKey;
        this.stages = stages.stream()
                .map(stage -> each(stage, step -> step.policy() == null ? step.policy(StepPolicy.DEFAULT) : step))
                .toList();
        this.deadline = deadline;
        this.commandExpiry = commandExpiry;
        this.facts = facts;
        this.pivot = new DefinitionRules<>(this).check();
        this.steps = this.stages.stream().flatMap(stage -> stage.steps().stream()).toList();
        this.stepsByName = steps.stream().collect(Collectors.toMap(Step::name, step -> step));
    }

    public String name() {
        return name;
    }

    public int version() {
        return version;
    }

    public Class<D> dataType() {
        return dataType;
    }

    public ToLongFunction<D> businessKey() {
        return businessKey;
    }

    public List<Stage<D>> stages() {
        return stages;
    }

    public Duration deadline() {
        return deadline;
    }

    public Duration commandExpiry() {
        return commandExpiry;
    }

    public Facts<D> facts() {
        return facts;
    }

    /** All steps, in the order in which they would be done one by one. */
    public List<Step<D>> steps() {
        return steps;
    }

    public Optional<Step<D>> step(String stepName) {
        return Optional.ofNullable(stepsByName.get(stepName));
    }

    public Step<D> pivot() {
        return pivot;
    }

    /** This definition with what operators may know of its data. */
    public SagaDefinition<D> withFacts(Facts<D> known) {
        return new SagaDefinition<>(
                name, version, dataType, businessKey, stages, deadline, commandExpiry, known);
    }

    /** This definition with another patience for one step. */
    public SagaDefinition<D> withPolicy(String stepName, StepPolicy policy) {
        if (step(stepName).isEmpty()) {
            throw DefinitionRules.broken(
                    name, "settings name a step of the definition", "it has no step '" + stepName + "'");
        }
        return with(
                stages.stream()
                        .map(stage -> each(stage, step -> step.name().equals(stepName) ? step.policy(policy) : step))
                        .toList(),
                deadline,
                commandExpiry);
    }

    /** This definition with other bounds for the whole saga. */
    public SagaDefinition<D> withBounds(Duration newDeadline, Duration newCommandExpiry) {
        return with(stages, newDeadline, newCommandExpiry);
    }

    /** The earliest age at which a saga can be due for anything without having said so itself. */
    public Duration shortestWait() {
        Duration shortest = deadline;
        for (Step<D> step : steps) {
            Duration timeout = step.patience().timeout();
            shortest = timeout.compareTo(shortest) < 0 ? timeout : shortest;
        }
        return shortest;
    }

    /**
     * What the definition does, as text: its stages, their steps, kinds, commands, states and reactions. Patience and
     * bounds do not count. Two versions of a program that give the same text treat a saga alike.
     */
    public String shape() {
        List<String> lines = new ArrayList<>();
        for (Stage<D> stage : stages) {
            lines.add("stage " + stage.stateReached());
            for (Step<D> step : stage.steps()) {
                lines.add(step.name() + " " + step.kind() + " " + step.reactions()
                        + (step.action() == null ? "" : " does " + step.action().command().getSimpleName())
                        + (step.compensation() == null ? "" : " undoes "
                                + step.compensation().command().getSimpleName())
                        + (step.captures() == null ? "" : " keeps " + step.captures().getSimpleName()));
            }
        }
        return String.join("\n", lines);
    }

    private SagaDefinition<D> with(List<Stage<D>> newStages, Duration newDeadline, Duration newCommandExpiry) {
        return new SagaDefinition<>(
                name, version, dataType, businessKey, newStages, newDeadline, newCommandExpiry, facts);
    }

    private static <D> Stage<D> each(Stage<D> stage, UnaryOperator<Step<D>> change) {
        return switch (stage) {
            case Step<D> step -> change.apply(step);
            case Together<D>(String state, List<Step<D>> together) ->
                new Together<>(state, together.stream().map(change).toList());
        };
    }
}
