package io.baton.orchestrator.saga;

import io.baton.orchestrator.saga.SagaInput.Kind;
import io.baton.orchestrator.saga.SagaInput.ReplyArrived;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says what follows: the only place where one state of a saga follows another. Live handling, timers, recovery,
 * simulation and the printed diagram all use it.
 *
 * <p><b>Which reply counts.</b> The one to the newest attempt of the step and direction that is awaited; every other is
 * stale and ignored, also the late success of an older attempt. That loses nothing: when a command is sent again, its
 * participant remembers what came of it and answers the newest attempt the same. An action's late success, or refusal,
 * while the saga is already being undone is believed for as long as the step's compensation was not sent.
 *
 * <p><b>Silence is not failure.</b> A step that did not answer is sent again, and when its attempts are spent it is
 * undone like a done one, for it may have been done. Only the pivot is never undone on silence: the saga is stuck until
 * its answer is known.
 *
 * <p><b>Stuck is not dead.</b> If the answer that a stuck saga lacks arrives at last, it goes on from there, so an
 * outage that outlasted all attempts heals itself when the participant comes back and reads what waited for it.
 */
public final class SagaMachine {

    private SagaMachine() {}

    /**
     * What follows from {@code input}. Total: every input in every state has an answer, and nothing is thrown.
     *
     * @param now the database's time
     * @param jitter from 0 to 1, drawn by the caller: which share of the longest pause a failed command waits
     */
    public static Decision decide(
            SagaDefinition<?> definition, Saga saga, SagaInput input, Instant now, double jitter) {
        Turn turn = new Turn(definition, saga, now, jitter);
        if (!saga.isStarted()) {
            return switch (input) {
                case SagaInput.Started() -> turn.start();
                case ReplyArrived _ -> new Decision.Ignored("the saga has not started");
                case SagaInput.TimerFired() -> new Decision.Ignored("the saga has not started");
                case SagaInput.CancelRequested _ -> new Decision.Refused("the saga has not started");
            };
        }
        return switch (input) {
            case SagaInput.Started() -> new Decision.Ignored("the saga has already started");
            case ReplyArrived reply -> onReply(turn, reply);
            case SagaInput.TimerFired() -> onTimer(turn);
            case SagaInput.CancelRequested cancel -> onCancel(turn, cancel);
        };
    }

    /**
     * What follows when no definition can be asked: the saga becomes stuck where it is, unless it has ended or is stuck
     * already.
     *
     * @param state the state last seen by people
     */
    public static Decision halt(Saga saga, String state, Stuck.Code code, String message) {
        if (!saga.phase().isMoving()) {
            return new Decision.Ignored("the saga is " + saga.phase());
        }
        LogEntry log = new LogEntry(
                state, Phase.STUCK.name(), null, null, 0, "STUCK", code + ": " + message, null);
        return new Decision.Moved(saga.stuckBy(code, "", message), List.of(), log, Instant.MAX);
    }

    private static Decision onReply(Turn turn, ReplyArrived reply) {
        Saga saga = turn.saga();
        Step<?> step = turn.definition().step(reply.step()).orElse(null);
        if (step == null) {
            return new Decision.Ignored("there is no step '" + reply.step() + "'");
        }
        return switch (saga.phase()) {
            case FORWARD -> reply.direction() == Direction.ACTION ? onForwardReply(turn, step, reply)
                    : stale(turn, reply);
            case COMPENSATING ->
                reply.direction() == Direction.COMPENSATION
                        ? onCompensationReply(turn, step, reply)
                        : onLateReply(turn, step, reply);
            case STUCK -> onReplyWhileStuck(turn, step, reply);
            case COMPLETED, COMPENSATED -> stale(turn, reply);
        };
    }

    private static Decision onForwardReply(Turn turn, Step<?> step, ReplyArrived reply) {
        boolean awaited =
                switch (turn.saga().of(step)) {
                    case Progress.Sent(int attempt, _) -> attempt == reply.attempt();
                    // Two copies of one attempt may be answered differently: a failure is not remembered.
                    case Progress.Failed(int attempt, _) -> attempt == reply.attempt() && settles(step, reply);
                    default -> false;
                };
        if (!awaited) {
            return stale(turn, reply);
        }
        return switch (reply.kind()) {
            case DONE -> turn.goOn(turn.saga().with(step, new Progress.Done()), Cause.of(reply));
            case REFUSED ->
                step.kind() == StepKind.RETRIABLE
                        ? turn.retryAction(step, reply)
                        : turn.undo(
                                turn.saga().with(step, new Progress.Refused()),
                                new Reason(reply.code(), step.name(), reply.message()),
                                Cause.of(reply));
            case FAILED -> turn.retryAction(step, reply);
        };
    }

    private static Decision onCompensationReply(Turn turn, Step<?> step, ReplyArrived reply) {
        boolean awaited =
                switch (turn.saga().of(step)) {
                    case Progress.Compensating(int attempt, _) -> attempt == reply.attempt();
                    case Progress.CompensationFailed(int attempt, _) ->
                        attempt == reply.attempt() && settles(step, reply);
                    default -> false;
                };
        if (!awaited) {
            return stale(turn, reply);
        }
        return switch (reply.kind()) {
            case DONE -> turn.goBack(turn.saga().with(step, new Progress.Compensated()), Cause.of(reply));
            // A compensation has no right to say no, so a refusal is one more failure.
            case REFUSED, FAILED -> turn.retryCompensation(step, reply);
        };
    }

    /** The action's answer comes while the saga is being undone. */
    private static Decision onLateReply(Turn turn, Step<?> step, ReplyArrived reply) {
        if (!(turn.saga().of(step) instanceof Progress.Unknown(int attempt)) || attempt != reply.attempt()) {
            return stale(turn, reply);
        }
        return switch (reply.kind()) {
            case DONE -> turn.moved(turn.saga().with(step, new Progress.Done()), List.of(), Cause.of(reply));
            case REFUSED -> turn.moved(turn.saga().with(step, new Progress.Refused()), List.of(), Cause.of(reply));
            case FAILED -> stale(turn, reply);
        };
    }

    private static Decision onReplyWhileStuck(Turn turn, Step<?> step, ReplyArrived reply) {
        Stuck stuck = turn.saga().stuck();
        boolean lacked = stuck != null
                && stuck.step().equals(reply.step())
                && (stuck.from() == Phase.FORWARD) == (reply.direction() == Direction.ACTION);
        if (!lacked || !settles(step, reply)) {
            return stale(turn, reply);
        }
        Turn resumed = turn.with(turn.saga().in(stuck.from()));
        Decision decision = stuck.from() == Phase.FORWARD
                ? onForwardReply(resumed, step, reply)
                : onCompensationReply(resumed, step, reply);
        return decision instanceof Decision.Moved moved ? turn.afterStuck(moved) : decision;
    }

    /** Whether the answer is final, and not one more failure. */
    private static boolean settles(Step<?> step, ReplyArrived reply) {
        return switch (reply.kind()) {
            case DONE -> true;
            case REFUSED -> reply.direction() == Direction.ACTION && step.kind() != StepKind.RETRIABLE;
            case FAILED -> false;
        };
    }

    private static Decision onTimer(Turn turn) {
        Saga saga = turn.saga();
        Instant due = saga.dueAt(turn.definition());
        Step<?> step = saga.currentStep(turn.definition());
        if (due == null || step == null) {
            return new Decision.Ignored("the saga is " + saga.phase());
        }
        if (turn.now().isBefore(due)) {
            return new Decision.Ignored("nothing is due before " + due);
        }
        boolean tooLate = !turn.now().isBefore(saga.startedAt().plus(turn.definition().deadline()));
        if (tooLate && saga.canStillTurnBack(turn.definition())) {
            String message = "The saga did not get past step '" + step.name() + "' within "
                    + turn.definition().deadline();
            return turn.undo(saga, new Reason(Reason.TIMEOUT, step.name(), message),
                    Cause.of("DEADLINE", step, message));
        }
        return switch (saga.of(step)) {
            case Progress.Sent(int attempt, _) -> turn.resendAction(step, attempt);
            case Progress.Failed(int attempt, _) ->
                turn.sendAction(saga, step, attempt + 1, Cause.again("RETRY", step, Direction.ACTION, attempt));
            case Progress.Compensating(int attempt, _) -> turn.resendCompensation(step, attempt);
            case Progress.CompensationFailed(int attempt, _) ->
                turn.sendCompensation(saga, step, attempt + 1,
                        Cause.again("RETRY", step, Direction.COMPENSATION, attempt));
            case Progress.Pending(), Progress.Unknown(_), Progress.Done(), Progress.Refused(),
                    Progress.Compensated() ->
                halt(
                        saga,
                        saga.stateName(turn.definition()),
                        Stuck.Code.INVARIANT_BROKEN,
                        "Expected step '" + step.name() + "' to await something but it is " + saga.of(step));
        };
    }

    private static Decision onCancel(Turn turn, SagaInput.CancelRequested cancel) {
        Saga saga = turn.saga();
        Step<?> step = saga.currentStep(turn.definition());
        return switch (saga.phase()) {
            case FORWARD -> {
                if (step == null || !saga.canStillTurnBack(turn.definition())) {
                    yield new Decision.Refused("the saga is past its point of no return");
                }
                Reason reason = new Reason(cancel.code(), step.name(), cancel.message());
                yield turn.undo(saga, reason, Cause.by(cancel, step));
            }
            case COMPENSATING -> new Decision.Ignored("the saga is being undone already");
            case COMPLETED, COMPENSATED, STUCK -> new Decision.Refused("the saga is " + saga.phase());
        };
    }

    private static Decision stale(Turn turn, ReplyArrived reply) {
        @Nullable Step<?> current = turn.saga().currentStep(turn.definition());
        return new Decision.Ignored("stale: " + reply.kind() + " of " + reply.step() + " " + reply.direction()
                + " attempt " + reply.attempt() + " is not awaited; the saga is " + turn.saga().phase()
                + (current == null ? "" : " at " + current.name() + " " + turn.saga().of(current)));
    }
}
