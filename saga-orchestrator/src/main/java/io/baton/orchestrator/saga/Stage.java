package io.baton.orchestrator.saga;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a saga does before it goes on: one step, or several that do not wait for one another.
 *
 * @param <D> what the saga knows
 */
public sealed interface Stage<D> permits Step, Together {

    /** The steps, which are begun at once and in this order. */
    List<Step<D>> steps();

    /** The state that people see once all of them are done; null until one is given. */
    @Nullable String stateReached();
}
