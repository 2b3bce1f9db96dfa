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
 * <p><b>Which reply counts.</b> The one to the newest attempt of a step and direction that is awaited; every other is
 * stale and ignored, also the late success of an older attempt. That loses nothing: when a command is sent again, its
 * participant remembers what came of it and answers the newest attempt the same. An action's late success, or refusal,
 * while the saga is already being undone is believed for as long as the step's compensation was not sent.
 *
 * <p><b>Silence is not failure.</b> A step that did not answer is sent again or asked about, and when its attempts are
 * spent it is undone like a done one, for it may have been done. Only the pivot is never undone on silence: the saga is
 * stuck until its answer is known.
 *
 * <p><b>Stuck is not dead.</b> If the answer that a stuck saga lacks arrives at last, it goes on from there, so an
 * outage that outlasted all attempts heals itself when the participant comes back within the commands' expiry and reads what
 * waited for it; after that it takes a retry.
 *
 * <p><b>A wish waits for a stable point.</b> A customer's or operator's wish to turn back is granted when nothing is
 * under way of which it is not known whether it happened, at the latest when that has timed out, and never once the
 * pivot was sent.
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
                case ReplyArrived _, SagaInput.ReplyUnreadable _, SagaInput.TimerFired() ->
                    new Decision.Ignored("the saga has not started");
                case SagaInput.CancelRequested _, SagaInput.OperatorActed _ ->
                    new Decision.Refused("the saga has not started");
            };
        }
        return switch (input) {
            case SagaInput.Started() -> new Decision.Ignored("the saga has already started");
            case ReplyArrived reply -> onReply(turn, reply);
            case SagaInput.ReplyUnreadable reply -> onUnreadable(turn, reply);
            case SagaInput.TimerFired() -> onTimer(turn);
            case SagaInput.CancelRequested cancel -> onCancel(turn, cancel);
            case SagaInput.OperatorActed acted -> OperatorMoves.decide(turn, acted);
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

    /**
     * What follows when there is a definition again for a saga that was halted for want of it. It waits on for what it waited
     * for, by the bounds that it had: what is due by now, its deadline too, its timer finds. Nothing is sent again here.
     *
     * @param now the database's time
     */
    public static Decision definitionFound(SagaDefinition<?> definition, Saga saga, Instant now) {
        Stuck stuck = saga.stuck();
        if (stuck == null || stuck.code() != Stuck.Code.DEFINITION_MISSING) {
            return new Decision.Ignored("the saga is not stuck for want of its definition");
        }
        Turn turn = new Turn(definition, saga, now, 0);
        Turn resumed = turn.with(saga.in(stuck.from()));
        // While it was stuck it may have heard all that it waited for.
        boolean isAnswered = resumed.saga().openSteps(definition).isEmpty();
        return turn.afterStuck(isAnswered
                ? resumed.sendAllAgain(Cause.DEFINITION_FOUND)
                : resumed.moved(resumed.saga(), List.of(), Cause.DEFINITION_FOUND));
    }

    private static Decision onReply(Turn turn, ReplyArrived reply) {
        Saga saga = turn.saga();
        Step<?> step = turn.definition().step(reply.step()).orElse(null);
        if (step == null) {
            return new Decision.Ignored("there is no step '" + reply.step() + "'");
        }
        return switch (saga.phase()) {
            case FORWARD ->
                reply.direction() == Direction.ACTION ? onForwardReply(turn, step, reply) : stale(turn, reply);
            case COMPENSATING ->
                reply.direction() == Direction.COMPENSATION
                        ? onCompensationReply(turn, step, reply)
                        : onLateReply(turn, step, reply);
            case STUCK -> onReplyWhileStuck(turn, step, reply);
            case COMPLETED, COMPENSATED -> stale(turn, reply);
        };
    }

    private static Decision onForwardReply(Turn turn, Step<?> step, ReplyArrived reply) {
        if (!isAwaited(turn.saga(), step, reply)) {
            return stale(turn, reply);
        }
        return switch (reply.kind()) {
            case DONE -> turn.goOn(turn.saga().done(step, reply.answer()), Cause.of(reply));
            case REFUSED -> onRefusal(turn, step, reply);
            case FAILED -> turn.onFailure(step, reply, step.reactions().onFailure());
        };
    }

    private static Decision onRefusal(Turn turn, Step<?> step, ReplyArrived reply) {
        return switch (step.reactions().onRefusal()) {
            case COMPENSATE, PROBE ->
                turn.undo(
                        turn.saga().with(step, new Progress.Refused()),
                        new Reason(reply.code(), step.name(), reply.message()),
                        Cause.of(reply));
            // A step after the pivot has no right to say no, so a refusal is one more failure.
            case RESEND -> turn.onFailure(step, reply, Reaction.RESEND);
            case STUCK ->
                turn.stuck(
                        step,
                        Stuck.Code.REFUSED,
                        "Refused: " + reply.code() + ": " + reply.message(),
                        Cause.of(reply));
        };
    }

    private static Decision onCompensationReply(Turn turn, Step<?> step, ReplyArrived reply) {
        if (!isAwaited(turn.saga(), step, reply)) {
            return stale(turn, reply);
        }
        return switch (reply.kind()) {
            case DONE -> turn.goBack(turn.saga().with(step, new Progress.Compensated()), Cause.of(reply));
            // A compensation has no right to say no, so a refusal is one more failure.
            case REFUSED, FAILED -> turn.onFailureOfCompensation(step, reply);
        };
    }

    /** The action's answer comes while the saga is being undone. */
    private static Decision onLateReply(Turn turn, Step<?> step, ReplyArrived reply) {
        if (!(turn.saga().of(step) instanceof Progress.Unknown(int attempt)) || attempt != reply.attempt()) {
            return stale(turn, reply);
        }
        return switch (reply.kind()) {
            case DONE -> turn.moved(turn.saga().done(step, reply.answer()), List.of(), Cause.of(reply));
            case REFUSED -> turn.moved(turn.saga().with(step, new Progress.Refused()), List.of(), Cause.of(reply));
            case FAILED -> stale(turn, reply);
        };
    }

    private static Decision onReplyWhileStuck(Turn turn, Step<?> step, ReplyArrived reply) {
        Saga saga = turn.saga();
        Stuck stuck = saga.stuck();
        if (stuck == null
                || reply.direction() != saga.direction()
                || !isAwaited(saga, step, reply)
                || !settles(step, reply)) {
            return stale(turn, reply);
        }
        if (!stuck.step().equals(reply.step())) {
            return onAnswerBesideStuck(turn, step, reply);
        }
        Turn resumed = turn.with(saga.in(stuck.from()));
        Decision decision = stuck.from() == Phase.FORWARD
                ? onForwardReply(resumed, step, reply)
                : onCompensationReply(resumed, step, reply);
        return decision instanceof Decision.Moved moved && !moved.saga().equals(saga)
                ? turn.afterStuck(moved)
                : stale(turn, reply);
    }

    /** What the saga is stuck at is another step; this one's answer is noted, and the saga stays where it is. */
    private static Decision onAnswerBesideStuck(Turn turn, Step<?> step, ReplyArrived reply) {
        Saga saga = turn.saga();
        if (reply.kind() != Kind.DONE) {
            return stale(turn, reply);
        }
        Saga noted = reply.direction() == Direction.ACTION
                ? saga.done(step, reply.answer())
                : saga.with(step, new Progress.Compensated());
        return turn.moved(noted, List.of(), Cause.of(reply));
    }

    private static Decision onUnreadable(Turn turn, SagaInput.ReplyUnreadable reply) {
        Saga saga = turn.saga();
        Step<?> step = turn.definition().step(reply.step()).orElse(null);
        boolean awaited = step != null
                && saga.phase().isMoving()
                && saga.direction() == reply.direction()
                && awaits(saga, step, reply.attempt());
        if (!awaited) {
            return new Decision.Ignored("stale: the unreadable answer is not awaited; the saga is " + saga.phase());
        }
        return turn.stuck(
                step, Stuck.Code.MESSAGE_DEAD_LETTERED, "The answer cannot be read: " + reply.message(),
                Cause.of(reply));
    }

    private static boolean isAwaited(Saga saga, Step<?> step, ReplyArrived reply) {
        boolean failed = saga.of(step) instanceof Progress.Failed
                || saga.of(step) instanceof Progress.CompensationFailed;
        // Two copies of one attempt may be answered differently: a failure is not remembered.
        return awaits(saga, step, reply.attempt()) && (!failed || settles(step, reply));
    }

    private static boolean awaits(Saga saga, Step<?> step, int answered) {
        return switch (saga.of(step)) {
            case Progress.Sent _, Progress.Failed _, Progress.Compensating _, Progress.CompensationFailed _ ->
                saga.of(step).attempt() == answered;
            case Progress.Pending(), Progress.Unknown(_), Progress.Done(), Progress.Refused(), Progress.Skipped(),
                    Progress.Compensated() -> false;
        };
    }

    /** Whether the answer is final, and not one more failure. */
    private static boolean settles(Step<?> step, ReplyArrived reply) {
        return switch (reply.kind()) {
            case DONE -> true;
            case REFUSED ->
                reply.direction() == Direction.ACTION && step.reactions().onRefusal() != Reaction.RESEND;
            case FAILED -> false;
        };
    }

    private static Decision onTimer(Turn turn) {
        Saga saga = turn.saga();
        Instant due = saga.dueAt(turn.definition());
        if (due == null) {
            return new Decision.Ignored("the saga is " + saga.phase());
        }
        if (turn.now().isBefore(due)) {
            return new Decision.Ignored("nothing is due before " + due);
        }
        Step<?> step = saga.nextDue(turn.definition());
        if (step == null) {
            return halt(
                    saga,
                    saga.stateName(turn.definition()),
                    Stuck.Code.INVARIANT_BROKEN,
                    "Expected a step to await something but none does");
        }
        if (saga.direction() == Direction.ACTION && turn.isTooLate() && saga.hasDeadline()) {
            return onDeadline(turn, step);
        }
        return switch (saga.of(step)) {
            case Progress.Sent(int attempt, _) -> turn.onSilence(step, attempt);
            case Progress.Failed(int attempt, _) -> turn.afterPause(step, attempt);
            case Progress.Compensating(int attempt, _) -> turn.onSilenceOfCompensation(step, attempt);
            case Progress.CompensationFailed(int attempt, _) ->
                turn.sendCompensation(
                        step,
                        attempt + 1,
                        Cause.again("RETRY", step, Direction.COMPENSATION, attempt, "sent again"));
            case Progress.Pending(), Progress.Unknown(_), Progress.Done(), Progress.Refused(), Progress.Skipped(),
                    Progress.Compensated() ->
                throw new IllegalStateException("Expected an open step but got " + saga.of(step));
        };
    }

    private static Decision onDeadline(Turn turn, Step<?> step) {
        String message =
                "The saga did not get past step '" + step.name() + "' within "
                        + turn.definition().deadline().plus(turn.saga().extension());
        Cause cause = Cause.deadline(step, message);
        return turn.saga().canStillTurnBack(turn.definition())
                ? turn.undo(turn.saga(), new Reason(Reason.TIMEOUT, step.name(), message), cause)
                : turn.stuck(step, Stuck.Code.DEADLINE_PASSED_AFTER_PIVOT, message, cause);
    }

    private static Decision onCancel(Turn turn, SagaInput.CancelRequested cancel) {
        Saga saga = turn.saga();
        return switch (saga.phase()) {
            case FORWARD -> {
                Step<?> step = saga.currentStep(turn.definition());
                if (step == null || !saga.canStillTurnBack(turn.definition())) {
                    yield new Decision.Refused("the saga is past its point of no return");
                }
                yield saga.reason() != null
                        ? new Decision.Ignored("the saga will be undone already")
                        : turn.turnBackWhenStable(
                                new Reason(cancel.code(), step.name(), cancel.message()), Cause.by(cancel));
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
