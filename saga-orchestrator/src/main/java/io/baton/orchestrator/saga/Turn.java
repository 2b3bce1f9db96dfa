package io.baton.orchestrator.saga;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The moves of which the machine's decisions are made: send, go on, go back, try again, get stuck. */
record Turn(SagaDefinition<?> definition, Saga saga, Instant now, double jitter) {

    /** The same turn of a saga that was changed meanwhile. */
    Turn with(Saga changed) {
        return new Turn(definition, changed, now, jitter);
    }

    Decision.Moved start() {
        Saga next = saga;
        for (Step<?> step : definition.steps()) {
            next = step.isGiven() ? next.with(step, new Progress.Done()) : next;
        }
        return goOn(next, Cause.STARTED);
    }

    /** Begins the next stage when the one before it is done, or completes. */
    Decision.Moved goOn(Saga next, Cause cause) {
        Reason wished = next.reason();
        if (wished != null && next.isStable() && next.canStillTurnBack(definition)) {
            return undo(next, wished, cause);
        }
        for (Stage<?> stage : definition.stages()) {
            if (!next.isDone(stage)) {
                return beginWhatIsPending(stage, next, cause);
            }
        }
        return moved(next.in(Phase.COMPLETED), List.of(), cause);
    }

    private Decision.Moved beginWhatIsPending(Stage<?> stage, Saga next, Cause cause) {
        Saga begun = next;
        List<CommandToSend> commands = new ArrayList<>(1);
        for (Step<?> step : stage.steps()) {
            if (next.of(step) instanceof Progress.Pending) {
                begun = begun.with(step, new Progress.Sent(1, now));
                commands.add(CommandToSend.action(step, 1));
            }
        }
        return moved(begun, commands, cause);
    }

    /** Turns back: what is under way may have taken effect, and is undone like what is done. */
    Decision.Moved undo(Saga next, Reason reason, Cause cause) {
        Saga turned = next.because(reason).in(Phase.COMPENSATING);
        for (Step<?> step : definition.steps()) {
            turned = switch (turned.of(step)) {
                case Progress.Sent _, Progress.Failed _ ->
                    turned.with(step, new Progress.Unknown(turned.of(step).attempt()));
                default -> turned;
            };
        }
        return goBack(turned, cause);
    }

    /** Undoes the last stage of which something is left, or is compensated. */
    Decision.Moved goBack(Saga next, Cause cause) {
        for (Stage<?> stage : definition.stages().reversed()) {
            Saga turned = next;
            List<CommandToSend> commands = new ArrayList<>(1);
            for (Step<?> step : stage.steps()) {
                Progress progress = next.of(step);
                if (step.compensation() != null
                        && (progress instanceof Progress.Done || progress instanceof Progress.Unknown)) {
                    turned = turned.beginningToUndo(step, now);
                    commands.add(CommandToSend.compensation(step, 1));
                }
            }
            if (!commands.isEmpty() || stage.steps().stream().anyMatch(step -> isBeingUndone(next.of(step)))) {
                return moved(turned, commands, cause);
            }
        }
        return moved(next.in(Phase.COMPENSATED), List.of(), cause);
    }

    private static boolean isBeingUndone(Progress progress) {
        return progress instanceof Progress.Compensating || progress instanceof Progress.CompensationFailed;
    }

    Decision.Moved sendAction(Step<?> step, int attempt, Cause cause) {
        return moved(
                saga.with(step, new Progress.Sent(attempt, now)), List.of(CommandToSend.action(step, attempt)), cause);
    }

    Decision.Moved sendProbe(Step<?> step, int attempt, Cause cause) {
        return moved(
                saga.with(step, new Progress.Sent(attempt, now)), List.of(CommandToSend.probe(step, attempt)), cause);
    }

    Decision.Moved sendCompensation(Step<?> step, int attempt, Cause cause) {
        return moved(
                saga.with(step, new Progress.Compensating(attempt, now)),
                List.of(CommandToSend.compensation(step, attempt)),
                cause);
    }

    /** The action was not answered in time. */
    Decision.Moved onSilence(Step<?> step, int attempt) {
        String message = silence(step, attempt);
        Cause silence = Cause.silence(step, Direction.ACTION, attempt, message);
        Reason wished = saga.reason();
        if (wished != null && saga.canStillTurnBack(definition)) {
            return undo(saga, wished, silence);
        }
        boolean again = saga.hasAttemptsAfter(step, attempt);
        return switch (step.reactions().onSilence()) {
            case RESEND -> again
                    ? sendAction(step, attempt + 1,
                            Cause.again("TIMEOUT", step, Direction.ACTION, attempt, "sent again"))
                    : silentForGood(step, message, silence);
            case PROBE -> again
                    ? sendProbe(step, attempt + 1,
                            Cause.again("TIMEOUT", step, Direction.ACTION, attempt, "outcome asked for"))
                    : silentForGood(step, message, silence);
            case COMPENSATE -> undo(saga, new Reason(Reason.TIMEOUT, step.name(), message), silence);
            case STUCK -> stuck(step, Stuck.Code.OUTCOME_UNKNOWN, message, silence);
        };
    }

    /** The pause after a failure is over. */
    Decision.Moved afterPause(Step<?> step, int attempt) {
        Cause cause = Cause.again("RETRY", step, Direction.ACTION, attempt, "sent again");
        Reason wished = saga.reason();
        return wished != null && saga.canStillTurnBack(definition)
                ? undo(saga, wished, cause)
                : sendAction(step, attempt + 1, cause);
    }

    /** Turns back now, or as soon as what is under way is answered. */
    Decision.Moved turnBackWhenStable(Reason wished, Cause cause) {
        return saga.isStable() ? undo(saga, wished, cause) : moved(saga.because(wished), List.of(), cause);
    }

    /** The compensation was not answered in time. */
    Decision.Moved onSilenceOfCompensation(Step<?> step, int attempt) {
        if (saga.hasAttemptsAfter(step, attempt)) {
            return sendCompensation(
                    step,
                    attempt + 1,
                    Cause.again("TIMEOUT", step, Direction.COMPENSATION, attempt, "sent again"));
        }
        String message = silence(step, attempt);
        Cause silence = Cause.silence(step, Direction.COMPENSATION, attempt, message);
        return stuck(step, Stuck.Code.COMPENSATION_FAILED, message, silence);
    }

    /** The action failed for a technical reason, or a step that cannot be refused was. */
    Decision.Moved onFailure(Step<?> step, SagaInput.ReplyArrived reply, Reaction reaction) {
        Reason wished = saga.reason();
        if (wished != null && saga.canStillTurnBack(definition)) {
            Saga failed = saga.with(step, new Progress.Failed(reply.attempt(), resendAt(step, reply)));
            return failed.isStable() ? undo(failed, wished, Cause.of(reply)) : moved(failed, List.of(), Cause.of(reply));
        }
        if (reaction == Reaction.RESEND && saga.hasAttemptsAfter(step, reply.attempt())) {
            return moved(
                    saga.with(step, new Progress.Failed(reply.attempt(), resendAt(step, reply))),
                    List.of(),
                    Cause.of(reply));
        }
        boolean turnsBack = reaction == Reaction.COMPENSATE
                || reaction == Reaction.RESEND && step.kind() == StepKind.COMPENSABLE;
        return turnsBack
                ? undo(saga, new Reason(Reason.TIMEOUT, step.name(), failure(step, reply)), Cause.of(reply))
                : stuck(step, codeOf(reply, Stuck.Code.RETRIES_EXHAUSTED), failure(step, reply), Cause.of(reply));
    }

    /** The compensation failed for a technical reason, or was refused. */
    Decision.Moved onFailureOfCompensation(Step<?> step, SagaInput.ReplyArrived reply) {
        if (saga.hasAttemptsAfter(step, reply.attempt())) {
            return moved(
                    saga.with(step, new Progress.CompensationFailed(reply.attempt(), resendAt(step, reply))),
                    List.of(),
                    Cause.of(reply));
        }
        return stuck(
                step, codeOf(reply, Stuck.Code.COMPENSATION_FAILED), failure(step, reply), Cause.of(reply));
    }

    /** Sends everything again that is not answered or failed, with attempts that count anew. */
    Decision.Moved sendAllAgain(Cause cause) {
        List<Step<?>> open = saga.openSteps(definition);
        if (open.isEmpty()) {
            return saga.direction() == Direction.COMPENSATION ? goBack(saga, cause) : goOn(saga, cause);
        }
        Saga next = saga;
        List<CommandToSend> commands = new ArrayList<>(open.size());
        boolean goesBack = saga.direction() == Direction.COMPENSATION;
        for (Step<?> step : open) {
            int attempt = saga.of(step).attempt();
            Progress sent = goesBack
                    ? new Progress.Compensating(attempt + 1, now)
                    : new Progress.Sent(attempt + 1, now);
            next = next.forgiving(step, attempt).with(step, sent);
            commands.add(goesBack
                    ? CommandToSend.compensation(step, attempt + 1)
                    : CommandToSend.action(step, attempt + 1));
        }
        return moved(next, commands, cause);
    }

    Decision.Moved stuck(Step<?> step, Stuck.Code code, String message, Cause cause) {
        return moved(saga.stuckBy(code, step.name(), message), List.of(), cause);
    }

    Decision.Moved moved(Saga next, List<CommandToSend> commands, Cause cause) {
        LogEntry log = new LogEntry(
                saga.isStarted() ? saga.stateName(definition) : null,
                next.stateName(definition),
                cause.step(),
                cause.direction(),
                cause.attempt(),
                cause.outcome(),
                cause.detail(),
                cause.actor());
        return new Decision.Moved(next, commands, log, wakeUp(next));
    }

    /** The same move, told and timed as one that leaves {@link Phase#STUCK}. */
    Decision.Moved afterStuck(Decision.Moved move) {
        LogEntry log = move.log();
        LogEntry told = new LogEntry(
                Phase.STUCK.name(),
                log.to(),
                log.step(),
                log.direction(),
                log.attempt(),
                log.outcome(),
                log.detail(),
                log.actor());
        if (move.saga().phase() == Phase.STUCK) {
            return new Decision.Moved(move.saga(), move.commands(), told, Instant.MAX);
        }
        Instant due = move.saga().dueAt(definition);
        // An ended saga is woken once more, at once, so that whoever keeps its wake-up forgets it.
        return new Decision.Moved(move.saga(), move.commands(), told, due == null ? now : due);
    }

    boolean isTooLate() {
        return !now.isBefore(saga.deadline(definition));
    }

    /** Silence has lasted for all attempts. */
    private Decision.Moved silentForGood(Step<?> step, String message, Cause silence) {
        return switch (step.kind()) {
            case COMPENSABLE -> undo(saga, new Reason(Reason.TIMEOUT, step.name(), message), silence);
            case PIVOT -> stuck(step, Stuck.Code.OUTCOME_UNKNOWN, message, silence);
            case RETRIABLE -> stuck(step, Stuck.Code.RETRIES_EXHAUSTED, message, silence);
        };
    }

    private static Stuck.Code codeOf(SagaInput.ReplyArrived reply, Stuck.Code otherwise) {
        return reply.code().equals(SagaInput.ReplyArrived.DEAD_LETTERED)
                ? Stuck.Code.MESSAGE_DEAD_LETTERED
                : otherwise;
    }

    private String silence(Step<?> step, int attempt) {
        int counted = saga.counted(step, attempt);
        return "No answer to " + counted + (counted == 1 ? " attempt" : " attempts") + " of "
                + step.patience().timeout() + " each";
    }

    private String failure(Step<?> step, SagaInput.ReplyArrived reply) {
        return "Failed at the last of " + saga.counted(step, reply.attempt()) + " attempts: " + reply.code() + ": "
                + reply.message();
    }

    private Instant resendAt(Step<?> step, SagaInput.ReplyArrived reply) {
        Duration pause = step.patience().pauseAfter(saga.counted(step, reply.attempt()), jitter);
        Duration asked = reply.retryAfter();
        // Nobody can ask for more patience than the saga has.
        Duration granted = asked.compareTo(definition.deadline()) > 0 ? definition.deadline() : asked;
        return now.plus(pause.compareTo(granted) < 0 ? granted : pause);
    }

    private @Nullable Instant wakeUp(Saga next) {
        if (!saga.isStarted()) {
            return null;
        }
        if (next.phase() == Phase.STUCK) {
            return Instant.MAX;
        }
        Instant known = saga.dueAt(definition);
        Instant due = next.dueAt(definition);
        return due != null && (known == null || due.isBefore(known)) ? due : null;
    }
}
