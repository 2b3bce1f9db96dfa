package io.baton.orchestrator.testkit;

import io.baton.orchestrator.saga.Direction;
import io.baton.orchestrator.saga.Reaction;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.Stage;
import io.baton.orchestrator.saga.Step;
import io.baton.orchestrator.saga.StepKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must come of a saga one of whose commands suffers a fault, and what its participants must have done by then.
 * Told from the definition alone, by other words than the machine's.
 *
 * @param state the saga's
 * @param stuck the code with which it is stuck; null if it is not
 * @param turned the step at which it turned back; null if it did not
 */
record ExpectedEnd(String state, @Nullable String stuck, @Nullable Step<?> turned) {

    /** When nothing goes wrong. */
    static ExpectedEnd completed() {
        return new ExpectedEnd("COMPLETED", null, null);
    }

    /** When something goes wrong with the step's action. */
    static ExpectedEnd ofAction(Step<?> step, Fault fault) {
        boolean again = step.patience().attempts() > 1;
        return switch (fault) {
            case REFUSED -> switch (step.reactions().onRefusal()) {
                case COMPENSATE, PROBE -> compensated(step);
                case RESEND -> stuck("RETRIES_EXHAUSTED");
                case STUCK -> stuck("REFUSED");
            };
            case DAMAGED -> again && step.reactions().onFailure() == Reaction.RESEND
                    ? completed()
                    : failed(step, "MESSAGE_DEAD_LETTERED");
            case FAILS_ONCE -> again && step.reactions().onFailure() == Reaction.RESEND
                    ? completed()
                    : failed(step, "RETRIES_EXHAUSTED");
            case FAILS_FOR_EVER -> failed(step, "RETRIES_EXHAUSTED");
            case LOST_ONCE, REPLY_LOST_ONCE -> again && isPatient(step) ? completed() : silent(step);
            case REPLY_LATE -> again && isPatient(step) || silent(step).stuck() != null
                    // What is stuck for want of an answer goes on when the answer comes.
                    ? completed()
                    : silent(step);
            case LOST_FOR_EVER, REPLY_LOST_FOR_EVER -> silent(step);
            default -> completed();
        };
    }

    /** When something goes wrong with the step's compensation, after the saga turned back at {@code turned}. */
    static ExpectedEnd ofCompensation(Step<?> step, Fault fault, Step<?> turned) {
        boolean again = step.patience().attempts() > 1;
        boolean done = switch (fault) {
            case REFUSED, FAILS_FOR_EVER, LOST_FOR_EVER, REPLY_LOST_FOR_EVER -> false;
            case FAILS_ONCE, DAMAGED, LOST_ONCE, REPLY_LOST_ONCE -> again;
            default -> true;
        };
        return done ? compensated(turned) : new ExpectedEnd("STUCK", "COMPENSATION_FAILED", turned);
    }

    private static ExpectedEnd failed(Step<?> step, String stuck) {
        boolean turns = step.reactions().onFailure() == Reaction.COMPENSATE
                || step.reactions().onFailure() == Reaction.RESEND && step.kind() == StepKind.COMPENSABLE;
        return turns ? compensated(step) : stuck(stuck);
    }

    private static ExpectedEnd silent(Step<?> step) {
        return switch (step.reactions().onSilence()) {
            case COMPENSATE -> compensated(step);
            case STUCK -> stuck("OUTCOME_UNKNOWN");
            case RESEND, PROBE -> switch (step.kind()) {
                case COMPENSABLE -> compensated(step);
                case PIVOT -> stuck("OUTCOME_UNKNOWN");
                case RETRIABLE -> stuck("RETRIES_EXHAUSTED");
            };
        };
    }

    private static boolean isPatient(Step<?> step) {
        return step.reactions().onSilence() == Reaction.RESEND || step.reactions().onSilence() == Reaction.PROBE;
    }

    private static ExpectedEnd compensated(Step<?> turned) {
        return new ExpectedEnd("COMPENSATED", null, turned);
    }

    private static ExpectedEnd stuck(String code) {
        return new ExpectedEnd("STUCK", code, null);
    }

    /** Every list of effects that is right for a step. */
    List<List<Direction>> effects(SagaDefinition<?> definition, Step<?> step, Cell cell) {
        List<Direction> done = step.isGiven() ? List.of() : List.of(Direction.ACTION);
        List<Direction> undone = step.isGiven()
                ? List.of(Direction.COMPENSATION)
                : List.of(Direction.ACTION, Direction.COMPENSATION);
        if (state.equals("COMPLETED")) {
            return List.of(step.isGiven() ? List.of() : done);
        }
        Step<?> at = cell.step() == null ? turned : cell.step();
        if (at == null) {
            throw new IllegalStateException("Expected a step at which the saga ended but there is none");
        }
        int place = Integer.compare(stageOf(definition, step), stageOf(definition, at));
        if (turned == null) {
            // Stuck on its way forward.
            List<Direction> here = !step.equals(at) || cell.fault().leavesAnEffect() ? done : List.of();
            return List.of(place > 0 ? List.of() : place < 0 ? done : here);
        }
        int before = Integer.compare(stageOf(definition, step), stageOf(definition, turned));
        if (before > 0) {
            return List.of(List.of());
        }
        if (stuck != null) {
            // Stuck on its way back: what stands before that step is not undone yet.
            if (place < 0) {
                return List.of(done);
            }
            if (step.equals(at)) {
                return List.of(cell.fault().leavesAnEffect() ? undone : done);
            }
        }
        if (before < 0) {
            return List.of(undone);
        }
        if (!step.equals(turned)) {
            // It ran beside the step that turned the saga back, and may not have been reached.
            return List.of(List.of(), undone);
        }
        boolean tookEffect = cell.direction() == Direction.ACTION && cell.fault().leavesAnEffect();
        return List.of(tookEffect ? undone : List.of());
    }

    static int stageOf(SagaDefinition<?> definition, Step<?> step) {
        for (int i = 0; i < definition.stages().size(); i++) {
            Stage<?> stage = definition.stages().get(i);
            if (stage.steps().stream().anyMatch(one -> one.name().equals(step.name()))) {
                return i;
            }
        }
        throw new IllegalArgumentException("Expected a step of the definition but got " + step.name());
    }
}
