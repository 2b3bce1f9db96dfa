package io.baton.orchestrator.saga;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One step of a definition: what does it, beside what undoes it.
 *
 * @param action null if it is done by the time the saga starts
 * @param compensation present exactly on compensable steps
 * @param stateReached the state that people see once the step is done; null if it is one of several in parallel
 * @param policy null until one is given or the default is taken
 * @param reactions what follows when the action is not done
 * @param <D> what the saga knows
 */
public record Step<D>(
        String name,
        StepKind kind,
        @Nullable Action<D> action,
        @Nullable Compensation<D> compensation,
        @Nullable String stateReached,
        @Nullable StepPolicy policy,
        Reactions reactions)
        implements Stage<D> {

    /** The command that does a step. */
    public record Action<D>(Class<? extends Record> command, Function<D, ? extends Record> body) {}

    /**
     * The command that undoes a step.
     *
     * @param captures the answer to the action that is kept for it; null if none is needed
     */
    public record Compensation<D>(
            Class<? extends Record> command, @Nullable Class<? extends Record> captures, Undoing<D, ?> body) {

        /**
         * The command's body.
         *
         * @param answer what is kept of the action's answer, an instance of {@link #captures}; null if nothing is
         */
        @SuppressWarnings("unchecked") // What is captured is what the body takes; see Step.compensation.
        public Record command(D data, Reason reason, @Nullable Record answer) {
            return ((Undoing<D, Record>) body).command(data, reason, answer);
        }
    }

    /**
     * Makes the command that undoes a step.
     *
     * @param <A> the action's answer
     */
    @FunctionalInterface
    public interface Undoing<D, A> {

        /**
         * The command.
         *
         * @param answer what the action answered; null if its answer never came, or none is kept
         */
        Record command(D data, Reason reason, @Nullable A answer);
    }

    /** A step that was done before the saga started; it only has a compensation. */
    public static <D> Step<D> given(String name) {
        return of(name, StepKind.COMPENSABLE, null);
    }

    /** A step that can be undone. */
    public static <D, C extends Record> Step<D> compensable(String name, Class<C> command, Function<D, C> body) {
        return of(name, StepKind.COMPENSABLE, new Action<>(command, body));
    }

    /** The point of no return. */
    public static <D, C extends Record> Step<D> pivot(String name, Class<C> command, Function<D, C> body) {
        return of(name, StepKind.PIVOT, new Action<>(command, body));
    }

    /** A step after the point of no return, which cannot be refused. */
    public static <D, C extends Record> Step<D> retriable(String name, Class<C> command, Function<D, C> body) {
        return of(name, StepKind.RETRIABLE, new Action<>(command, body));
    }

    /** This step with the state that people see once it is done. */
    public Step<D> reaches(String state) {
        return new Step<>(name, kind, action, compensation, state, policy, reactions);
    }

    /** This step with what undoes it. It must cope with a step that never happened, and cannot be refused. */
    public <C extends Record> Step<D> compensation(Class<C> command, BiFunction<D, Reason, C> body) {
        return undoneBy(new Compensation<>(command, null, (data, reason, _) -> body.apply(data, reason)));
    }

    /**
     * This step with what undoes it, made from what the action answered at the time. It must cope with a step that never
     * happened, or whose answer never came, and cannot be refused.
     */
    public <A extends Record> Step<D> compensation(
            Class<? extends Record> command, Class<A> answer, Undoing<D, A> body) {
        return undoneBy(new Compensation<>(command, answer, body));
    }

    /** This step with a patience of its own. */
    public Step<D> policy(StepPolicy own) {
        return new Step<>(name, kind, action, compensation, stateReached, own, reactions);
    }

    /** This step with another reaction to an answer that does not come in time. */
    public Step<D> onSilence(Reaction reaction) {
        return reacting(new Reactions(reaction, reactions.onFailure(), reactions.onRefusal()));
    }

    /** This step with another reaction to a technical failure. */
    public Step<D> onFailure(Reaction reaction) {
        return reacting(new Reactions(reactions.onSilence(), reaction, reactions.onRefusal()));
    }

    /** This step with another reaction to a business "no". */
    public Step<D> onRefusal(Reaction reaction) {
        return reacting(new Reactions(reactions.onSilence(), reactions.onFailure(), reaction));
    }

    @Override
    public List<Step<D>> steps() {
        return List.of(this);
    }

    /** Whether the step is done by the time the saga starts. */
    public boolean isGiven() {
        return action == null;
    }

    /** The answer to the action that the compensation needs, or null. */
    public @Nullable Class<? extends Record> captures() {
        return compensation == null ? null : compensation.captures();
    }

    /** The patience, which every step of a built definition has. */
    public StepPolicy patience() {
        if (policy == null) {
            throw new IllegalStateException("Expected step '" + name + "' to belong to a definition");
        }
        return policy;
    }

    private static <D> Step<D> of(String name, StepKind kind, @Nullable Action<D> action) {
        return new Step<>(name, kind, action, null, null, null, Reactions.defaultsOf(kind));
    }

    private Step<D> undoneBy(Compensation<D> by) {
        return new Step<>(name, kind, action, by, stateReached, policy, reactions);
    }

    private Step<D> reacting(Reactions to) {
        return new Step<>(name, kind, action, compensation, stateReached, policy, to);
    }
}
