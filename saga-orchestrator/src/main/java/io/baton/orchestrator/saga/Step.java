package io.baton.orchestrator.saga;

import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One step of a definition: what does it, beside what undoes it.
 *
 * @param action null if it is done by the time the saga starts
 * @param compensation present exactly on compensable steps
 * @param stateReached the state that people see once the step is done
 * @param policy null until one is given or the definition's default is taken
 * @param <D> what the saga knows
 */
public record Step<D>(
        String name,
        StepKind kind,
        @Nullable Action<D> action,
        @Nullable Compensation<D> compensation,
        @Nullable String stateReached,
        @Nullable StepPolicy policy) {

    /** The command that does a step. */
    public record Action<D>(Class<? extends Record> command, Function<D, ? extends Record> body) {}

    /** The command that undoes a step, made from the saga's data and the reason for undoing. */
    public record Compensation<D>(Class<? extends Record> command, BiFunction<D, Reason, ? extends Record> body) {}

    /** A step that was done before the saga started; it only has a compensation. */
    public static <D> Step<D> given(String name) {
        return new Step<>(name, StepKind.COMPENSABLE, null, null, null, null);
    }

    /** A step that can be undone. */
    public static <D, C extends Record> Step<D> compensable(String name, Class<C> command, Function<D, C> body) {
        return new Step<>(name, StepKind.COMPENSABLE, new Action<>(command, body), null, null, null);
    }

    /** The point of no return. */
    public static <D, C extends Record> Step<D> pivot(String name, Class<C> command, Function<D, C> body) {
        return new Step<>(name, StepKind.PIVOT, new Action<>(command, body), null, null, null);
    }

    /** A step after the point of no return, which cannot be refused. */
    public static <D, C extends Record> Step<D> retriable(String name, Class<C> command, Function<D, C> body) {
        return new Step<>(name, StepKind.RETRIABLE, new Action<>(command, body), null, null, null);
    }

    /** This step with the state that people see once it is done. */
    public Step<D> reaches(String state) {
        return new Step<>(name, kind, action, compensation, state, policy);
    }

    /** This step with what undoes it. It must cope with a step that never happened, and cannot be refused. */
    public <C extends Record> Step<D> compensation(Class<C> command, BiFunction<D, Reason, C> body) {
        return new Step<>(name, kind, action, new Compensation<>(command, body), stateReached, policy);
    }

    /** This step with a patience of its own. */
    public Step<D> policy(StepPolicy own) {
        return new Step<>(name, kind, action, compensation, stateReached, own);
    }

    /** Whether the step is done by the time the saga starts. */
    public boolean isGiven() {
        return action == null;
    }

    /** The patience, which every step of a built definition has. */
    public StepPolicy patience() {
        if (policy == null) {
            throw new IllegalStateException("Expected step '" + name + "' to belong to a definition");
        }
        return policy;
    }
}
