package io.baton.orchestrator.saga;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * A saga as data: its steps in order, and its bounds. A saga keeps the version it started with, and stored sagas name
 * their steps, so anything but patience may change only under a new version.
 *
 * @param dataType the request that starts such a saga, also all that the saga knows
 * @param businessKey what the saga is about; there is one saga per definition and key
 * @param steps {@code compensable* -> pivot -> retriable*}
 * @param deadline how long the saga may take to reach the pivot, counted from its start
 * @param commandExpiry how long after its sending a command may still take effect
 * @param <D> what the saga knows
 */
public record SagaDefinition<D extends Record>(
        String name,
        int version,
        Class<D> dataType,
        ToLongFunction<D> businessKey,
        List<Step<D>> steps,
        Duration deadline,
        Duration commandExpiry) {

    private static final int LONGEST_NAME = 100;

    /** @throws IllegalArgumentException if a rule is broken, naming the rule and the step */
    public SagaDefinition {
        requireName("a saga", name);
        if (version < 1) {
            throw broken(name, "the version counts from 1", "it is " + version);
        }
        requireBound(name, "deadline", deadline);
        requireBound(name, "command-expiry", commandExpiry);
        steps = steps.stream()
                .map(step -> step.policy() == null ? step.policy(StepPolicy.DEFAULT) : step)
                .toList();
        new Rules<>(name, steps, commandExpiry).check();
    }

    /** This definition with another patience for one step. */
    public SagaDefinition<D> withPolicy(String stepName, StepPolicy policy) {
        if (step(stepName).isEmpty()) {
            throw broken(name, "settings name a step of the definition", "it has no step '" + stepName + "'");
        }
        List<Step<D>> changed = new ArrayList<>();
        for (Step<D> step : steps) {
            changed.add(step.name().equals(stepName) ? step.policy(policy) : step);
        }
        return new SagaDefinition<>(name, version, dataType, businessKey, changed, deadline, commandExpiry);
    }

    /** This definition with other bounds for the whole saga. */
    public SagaDefinition<D> withBounds(Duration newDeadline, Duration newCommandExpiry) {
        return new SagaDefinition<>(name, version, dataType, businessKey, steps, newDeadline, newCommandExpiry);
    }

    public Optional<Step<D>> step(String stepName) {
        return steps.stream().filter(step -> step.name().equals(stepName)).findFirst();
    }

    public Step<D> pivot() {
        return steps.stream()
                .filter(step -> step.kind() == StepKind.PIVOT)
                .findFirst()
                .orElseThrow();
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

    static IllegalArgumentException broken(String saga, String rule, String but) {
        return new IllegalArgumentException("Saga '" + saga + "' breaks the rule that " + rule + ": " + but);
    }

    private static void requireName(String what, String name) {
        if (!name.matches("[a-z][a-z0-9-]*") || name.length() > LONGEST_NAME) {
            throw broken(
                    name,
                    what + " is named by a lower-case letter and lower-case letters, digits and hyphens, "
                            + LONGEST_NAME + " at most",
                    "it is named '" + name + "'");
        }
    }

    private static void requireBound(String saga, String bound, Duration value) {
        try {
            StepPolicy.requireBound(bound, value);
        } catch (IllegalArgumentException e) {
            throw broken(saga, "it has bounds", e.getMessage());
        }
    }

    /** What a list of steps must satisfy. */
    private record Rules<D>(String saga, List<Step<D>> steps, Duration commandExpiry) {

        void check() {
            Set<String> names = new HashSet<>();
            Set<String> states = new HashSet<>();
            for (Step<D> step : steps) {
                requireName("a step", step.name());
                require(names.add(step.name()), "steps have different names", step, "appears twice");
                String state = step.stateReached();
                require(state != null, "every step reaches a state", step, "has none");
                require(
                        states.add(Objects.requireNonNull(state)),
                        "steps reach different states",
                        step,
                        "reaches " + state + " again");
                require(
                        step.patience().timeout().compareTo(commandExpiry) < 0,
                        "a step's timeout is shorter than the command-expiry " + commandExpiry,
                        step,
                        "has a timeout of " + step.patience().timeout());
            }
            checkKinds();
        }

        private void checkKinds() {
            boolean pivotSeen = false;
            boolean actionSeen = false;
            for (Step<D> step : steps) {
                switch (step.kind()) {
                    case COMPENSABLE -> {
                        require(!pivotSeen, "steps are compensable* -> pivot -> retriable*", step,
                                "is compensable after the pivot");
                        require(step.compensation() != null, "a compensable step has a compensation", step, "has none");
                    }
                    case PIVOT -> {
                        require(!pivotSeen, "there is exactly one pivot", step, "is a second one");
                        require(step.compensation() == null, "the pivot has no compensation", step, "has one");
                        pivotSeen = true;
                    }
                    case RETRIABLE -> {
                        require(pivotSeen, "steps are compensable* -> pivot -> retriable*", step,
                                "is retriable before the pivot");
                        require(step.compensation() == null, "a retriable step has no compensation", step, "has one");
                    }
                }
                require(!(step.isGiven() && actionSeen), "given steps come first", step,
                        "follows a step with an action");
                actionSeen |= !step.isGiven();
            }
            if (!pivotSeen) {
                throw broken(saga, "there is exactly one pivot", "it has none");
            }
        }

        private void require(boolean holds, String rule, Step<D> step, String but) {
            if (!holds) {
                throw broken(saga, rule, "step '" + step.name() + "' " + but);
            }
        }
    }
}
