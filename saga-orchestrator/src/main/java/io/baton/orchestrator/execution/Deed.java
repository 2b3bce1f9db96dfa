package io.baton.orchestrator.execution;

import io.baton.orchestrator.saga.OperatorAction;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an operator does to a saga. */
public sealed interface Deed {

    /** As it stands in the path of its endpoint. */
    String name();

    /** The step that it is about; null if it is about the whole saga. */
    default @Nullable String step() {
        return null;
    }

    /** What tells it from others of its name; null if nothing does. */
    default @Nullable String detail() {
        return null;
    }

    /** What follows is for the machine to decide. */
    record Move(OperatorAction action) implements Deed {

        @Override
        public String name() {
            return action.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        }

        @Override
        public @Nullable String step() {
            return action.step();
        }

        @Override
        public @Nullable String detail() {
            return switch (action) {
                case OperatorAction.Resolve(_, boolean took) -> took ? "It took effect." : "It did not take effect.";
                case OperatorAction.Extend(var by) -> "By " + by + ".";
                case OperatorAction.Retry(), OperatorAction.Compensate(), OperatorAction.Skip(_) -> null;
            };
        }
    }

    /** Done beside the machine: the saga's own state and version stay as they are. */
    non-sealed interface Aside extends Deed {

        /** What it does, in one sentence. */
        String effect();

        /** Why it cannot be done to the saga now; null if it can. */
        default @Nullable String refusal(StoredSaga saga) {
            return null;
        }

        /** Does it, in a transaction that has locked the saga and refused nothing. */
        void apply(StoredSaga saga, Instant now);
    }
}
