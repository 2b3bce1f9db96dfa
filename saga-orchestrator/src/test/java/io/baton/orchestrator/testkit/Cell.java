package io.baton.orchestrator.testkit;

import io.baton.orchestrator.saga.Direction;
import io.baton.orchestrator.saga.Step;
import org.jspecify.annotations.Nullable;

/**
 * One command of a saga, and what goes wrong with it.
 *
 * @param step whose command; null for every command of the saga
 * @param turning the step that is refused, so that there is something to compensate; null if none is
 */
record Cell(@Nullable Step<?> step, Direction direction, Fault fault, @Nullable Step<?> turning) {

    boolean hits(String stepName, Direction way, int attempt) {
        return step == null
                || step.name().equals(stepName) && way == direction && (attempt == 1 || fault.isLasting());
    }

    boolean refuses(String stepName, Direction way) {
        return turning != null && turning.name().equals(stepName) && way == Direction.ACTION;
    }
}
