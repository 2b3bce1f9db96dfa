package io.baton.orchestrator.saga;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a person can do to a saga. */
public sealed interface OperatorAction {

    /** The step that it is about; null if it is about the whole saga. */
    @Nullable String step();

    /** Send again what is not answered or failed, with all attempts anew. */
    record Retry() implements OperatorAction {

        @Override
        public @Nullable String step() {
            return null;
        }
    }

    /** Undo what was done, and what may have been done. */
    record Compensate() implements OperatorAction {

        @Override
        public @Nullable String step() {
            return null;
        }
    }

    /** Go on without the step's action, or without its compensation; the person has seen to it. */
    record Skip(String step) implements OperatorAction {}

    /**
     * Tell the machine what came of a command, found out by other means.
     *
     * @param took whether the step's action, or while the saga is being undone its compensation, took effect
     */
    record Resolve(String step, boolean took) implements OperatorAction {}

    /**
     * Give the saga more time to reach its pivot.
     *
     * @param by counted from its deadline, or from now if that is past
     */
    record Extend(Duration by) implements OperatorAction {

        @Override
        public @Nullable String step() {
            return null;
        }
    }
}
