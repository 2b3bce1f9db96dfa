package io.baton.orchestrator.saga;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What follows when an operator acts. An action is refused, with what to do instead, unless it is safe: nothing is
 * undone that may not be, and nothing is left behind that nobody would undo.
 */
final class OperatorMoves {

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private OperatorMoves() {}

    static Decision decide(Turn turn, SagaInput.OperatorActed acted) {
        Saga saga = turn.saga();
        if (saga.phase().isFinal()) {
            return new Decision.Refused("the saga has ended and is " + saga.phase());
        }
        Cause cause = Cause.by(acted);
        return switch (acted.action()) {
            case OperatorAction.Retry() -> retry(turn, cause);
            case OperatorAction.Compensate() -> compensate(turn, cause);
            case OperatorAction.Skip(String step) -> skip(turn, step, cause);
            case OperatorAction.Resolve(String step, boolean took) -> resolve(turn, step, took, cause);
            case OperatorAction.Extend(Duration by) -> extend(turn, by, cause);
        };
    }

    private static Decision extend(Turn turn, Duration by, Cause cause) {
        Saga saga = turn.saga();
        if (saga.phase() != Phase.FORWARD) {
            return new Decision.Refused(
                    saga.direction() == Direction.COMPENSATION
                            ? "the saga is being undone, and that has no deadline"
                            : "the saga is stuck; retry goes on without a deadline");
        }
        if (!saga.hasDeadline()) {
            return new Decision.Refused("the saga was retried, and has had no deadline since");
        }
        if (saga.reason() != null) {
            return new Decision.Refused("the saga will be undone as soon as what is under way has answered");
        }
        Instant deadline = saga.deadline(turn.definition());
        Instant extended = (turn.isTooLate() ? turn.now() : deadline).plus(by);
        Duration longer = Duration.between(saga.startedAt().plus(turn.definition().deadline()), extended);
        boolean isSensible = by.compareTo(SHORTEST) >= 0 && longer.compareTo(StepPolicy.LONGEST) <= 0;
        return isSensible
                ? turn.moved(saga.extended(longer), List.of(), cause)
                : new Decision.Refused("a deadline is extended by " + SHORTEST + " at least, and by "
                        + StepPolicy.LONGEST + " in all");
    }

    private static Decision retry(Turn turn, Cause cause) {
        Saga saga = turn.saga();
        Stuck stuck = saga.stuck();
        if (stuck != null) {
            return turn.afterStuck(turn.with(saga.in(stuck.from())).sendAllAgain(cause));
        }
        boolean waits = saga.openSteps(turn.definition()).stream()
                .map(saga::of)
                .anyMatch(progress ->
                        progress instanceof Progress.Failed || progress instanceof Progress.CompensationFailed);
        return waits
                ? turn.sendAllAgain(cause)
                : new Decision.Refused("nothing has failed; what was sent is still awaited");
    }

    private static Decision compensate(Turn turn, Cause cause) {
        Saga saga = turn.saga();
        if (saga.direction() == Direction.COMPENSATION) {
            return new Decision.Refused("the saga is being undone already; retry sends again what is not undone");
        }
        if (!saga.canStillTurnBack(turn.definition())) {
            Step<?> pivot = turn.definition().pivot();
            return new Decision.Refused(
                    isSettled(saga.of(pivot))
                            ? "step '" + pivot.name() + "' is done, and from there the saga only goes forward"
                            : "step '" + pivot.name() + "' may have happened, and cannot be undone; find out, and resolve "
                                    + "it");
        }
        Step<?> at = saga.currentStep(turn.definition());
        Reason reason = new Reason(Reason.OPERATOR, at == null ? "" : at.name(), "An operator cancelled it.");
        Stuck stuck = saga.stuck();
        if (stuck != null) {
            return turn.afterStuck(turn.with(saga.in(stuck.from())).undo(saga, reason, cause));
        }
        return saga.reason() != null
                ? new Decision.Refused("the saga will be undone as soon as what is under way has answered")
                : turn.turnBackWhenStable(reason, cause);
    }

    private static Decision skip(Turn turn, String stepName, Cause cause) {
        return atOpenStep(turn, stepName, (resumed, step) -> {
            boolean goesBack = resumed.saga().direction() == Direction.COMPENSATION;
            return goesBack || step.kind() == StepKind.RETRIABLE
                    ? settled(turn, resumed, step, new Progress.Skipped(), cause)
                    : new Decision.Refused("only steps after the point of no return, and compensations, can be skipped; "
                            + "resolve or compensate");
        });
    }

    private static Decision resolve(Turn turn, String stepName, boolean took, Cause cause) {
        return atOpenStep(turn, stepName, (resumed, step) -> {
            Saga saga = resumed.saga();
            boolean goesBack = saga.direction() == Direction.COMPENSATION;
            if (took) {
                return settled(
                        turn, resumed, step, goesBack ? new Progress.Compensated() : new Progress.Done(), cause);
            }
            if (goesBack || step.kind() == StepKind.RETRIABLE) {
                return new Decision.Refused("what did not take effect here has to be done; retry");
            }
            Reason reason = new Reason(Reason.OPERATOR, step.name(), "An operator found that it did not take effect.");
            // A copy of the command may still be under way, and take effect after the operator has looked: what can be
            // undone is undone all the same, so that the participant refuses the copy.
            boolean isUndone = step.compensation() != null;
            return resumed.undo(isUndone ? saga : saga.with(step, new Progress.Refused()), reason, cause);
        });
    }

    /**
     * The saga goes on. If it is stuck at another step of the same stage it stays there, since nothing was said of that
     * one; but a wish to turn back that waited for this step is granted.
     */
    private static Decision.Moved settled(Turn turn, Turn resumed, Step<?> step, Progress as, Cause cause) {
        Stuck stuck = turn.saga().stuck();
        Saga next = resumed.saga().with(step, as);
        boolean goesBack = next.direction() == Direction.COMPENSATION;
        boolean isWishDue = !goesBack && next.reason() != null && next.isStable();
        boolean isStuckElsewhere = stuck != null
                && next.openSteps(turn.definition()).stream()
                        .anyMatch(open -> open.name().equals(stuck.step()));
        if (isStuckElsewhere && !isWishDue) {
            return turn.moved(turn.saga().with(step, as), List.of(), cause);
        }
        return goesBack ? resumed.goBack(next, cause) : resumed.goOn(next, cause);
    }

    private interface Move {
        Decision of(Turn resumed, Step<?> step);
    }

    private static Decision atOpenStep(Turn turn, String stepName, Move move) {
        Saga saga = turn.saga();
        Stuck stuck = saga.stuck();
        if (stuck == null) {
            return new Decision.Refused("the saga still goes on by itself");
        }
        Step<?> open = saga.openSteps(turn.definition()).stream()
                .filter(step -> step.name().equals(stepName))
                .findFirst()
                .orElse(null);
        if (open == null) {
            return new Decision.Refused("the saga does not wait for step '" + stepName + "'");
        }
        Decision decision = move.of(turn.with(saga.in(stuck.from())), open);
        return decision instanceof Decision.Moved moved ? turn.afterStuck(moved) : decision;
    }

    private static boolean isSettled(Progress progress) {
        return progress instanceof Progress.Done || progress instanceof Progress.Skipped;
    }
}
