package io.baton.orchestrator.saga;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a definition must satisfy before a program with it may start. */
record DefinitionRules<D extends Record>(SagaDefinition<D> definition) {

    private static final int LONGEST_NAME = 100;

    /** Returns the pivot. */
    Step<D> check() {
        requireName("a saga", definition.name());
        if (definition.version() < 1) {
            throw broken(definition.name(), "the version counts from 1", "it is " + definition.version());
        }
        requireBound("deadline", definition.deadline());
        requireBound("command-expiry", definition.commandExpiry());
        checkStages();
        definition.stages().forEach(stage -> stage.steps().forEach(this::checkStep));
        return checkKinds();
    }

    static IllegalArgumentException broken(String saga, String rule, String but) {
        return new IllegalArgumentException("Saga '" + saga + "' breaks the rule that " + rule + ": " + but);
    }

    private void checkStages() {
        Set<String> states = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (Stage<D> stage : definition.stages()) {
            List<Step<D>> steps = stage.steps();
            if (steps.isEmpty()) {
                throw broken(definition.name(), "every stage has a step", "one that reaches " + stage.stateReached()
                        + " has none");
            }
            Step<D> first = steps.getFirst();
            require(stage.stateReached() != null, "every stage reaches a state", first, "has none");
            require(states.add(String.valueOf(stage.stateReached())), "stages reach different states", first,
                    "reaches " + stage.stateReached() + " again");
            for (Step<D> step : steps) {
                requireName("a step", step.name());
                require(names.add(step.name()), "steps have different names", step, "appears twice");
                if (stage instanceof Together<D>) {
                    require(step.kind() == first.kind(), "steps in parallel are of one kind", step,
                            "is " + step.kind() + " beside a step that is " + first.kind());
                    require(step.isGiven() == first.isGiven(), "steps in parallel are all given or all to be done",
                            step, "differs from '" + first.name() + "'");
                    require(step.stateReached() == null, "steps in parallel reach their state together", step,
                            "reaches " + step.stateReached() + " alone");
                }
            }
        }
    }

    private void checkStep(Step<D> step) {
        require(
                step.patience().timeout().compareTo(definition.commandExpiry()) < 0,
                "a step's timeout is shorter than the command-expiry " + definition.commandExpiry(),
                step,
                "has a timeout of " + step.patience().timeout());
        require(!(step.isGiven() && step.captures() != null), "a given step has no answer to keep", step, "keeps one");
        Reactions reactions = step.reactions();
        require(reactions.onFailure() != Reaction.PROBE, "only silence is met with a probe", step,
                "probes on failure");
        require(reactions.onRefusal() != Reaction.PROBE, "only silence is met with a probe", step,
                "probes on refusal");
        switch (step.kind()) {
            case COMPENSABLE ->
                require(reactions.onRefusal() != Reaction.RESEND, "a refusal is for good", step, "sends again");
            case PIVOT -> {
                require(reactions.onRefusal() != Reaction.RESEND, "a refusal is for good", step, "sends again");
                require(reactions.onSilence() != Reaction.COMPENSATE,
                        "nothing is undone while the pivot may have happened", step, "compensates on silence");
                // A failure is not remembered: another copy of the command may still take effect.
                require(reactions.onFailure() != Reaction.COMPENSATE,
                        "nothing is undone while the pivot may have happened", step, "compensates on failure");
            }
            case RETRIABLE ->
                require(
                        reactions.onSilence() != Reaction.COMPENSATE
                                && reactions.onFailure() != Reaction.COMPENSATE
                                && reactions.onRefusal() != Reaction.COMPENSATE,
                        "nothing is undone after the pivot",
                        step,
                        "compensates");
        }
    }

    private Step<D> checkKinds() {
        Step<D> pivot = null;
        boolean actionSeen = false;
        for (Stage<D> stage : definition.stages()) {
            for (Step<D> step : stage.steps()) {
                switch (step.kind()) {
                    case COMPENSABLE -> {
                        require(pivot == null, "steps are compensable* -> pivot -> retriable*", step,
                                "is compensable after the pivot");
                        require(step.compensation() != null, "a compensable step has a compensation", step,
                                "has none");
                    }
                    case PIVOT -> {
                        require(pivot == null, "there is exactly one pivot", step, "is a second one");
                        require(step.compensation() == null, "the pivot has no compensation", step, "has one");
                        pivot = step;
                    }
                    case RETRIABLE -> {
                        require(pivot != null, "steps are compensable* -> pivot -> retriable*", step,
                                "is retriable before the pivot");
                        require(step.compensation() == null, "a retriable step has no compensation", step, "has one");
                    }
                }
                require(!(step.isGiven() && actionSeen), "given steps come first", step,
                        "follows a step with an action");
            }
            actionSeen |= !stage.steps().getFirst().isGiven();
        }
        if (pivot == null) {
            throw broken(definition.name(), "there is exactly one pivot", "it has none");
        }
        return pivot;
    }

    private void requireName(String what, String name) {
        if (!name.matches("[a-z][a-z0-9-]*") || name.length() > LONGEST_NAME) {
            throw broken(
                    definition.name(),
                    what + " is named by a lower-case letter and lower-case letters, digits and hyphens, "
                            + LONGEST_NAME + " at most",
                    "it is named '" + name + "'");
        }
    }

    private void requireBound(String bound, Duration value) {
        try {
            StepPolicy.requireBound(bound, value);
        } catch (IllegalArgumentException e) {
            throw broken(definition.name(), "it has bounds", e.getMessage());
        }
    }

    private void require(boolean holds, String rule, Step<D> step, String but) {
        if (!holds) {
            throw broken(definition.name(), rule, "step '" + step.name() + "' " + but);
        }
    }
}
