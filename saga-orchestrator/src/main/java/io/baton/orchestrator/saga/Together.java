package io.baton.orchestrator.saga;

import java.util.List;

/**
 * Steps that run in parallel, forward and in compensation. The saga goes on when all are done, and turns back when one
 * is refused; those of which it has not heard by then are undone like done ones.
 *
 * @param <D> what the saga knows
 */
public record Together<D>(String stateReached, List<Step<D>> steps) implements Stage<D> {

    public Together {
        steps = List.copyOf(steps);
    }

    /** Steps that run in parallel, and the state that people see once all of them are done. */
    @SafeVarargs
    public static <D> Together<D> together(String stateReached, Step<D>... steps) {
        return new Together<>(stateReached, List.of(steps));
    }
}
