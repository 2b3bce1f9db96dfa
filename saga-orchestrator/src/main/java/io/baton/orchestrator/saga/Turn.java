package io.baton.orchestrator.saga;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The moves of which the machine's decisions are made: send, go on, go back, try again, get stuck. */
record Turn(SagaDefinition<?> definition, Saga saga, Instant now, double jitter) {

    Turn with(Saga changed) {
        return new Turn(definition, changed, now, jitter);
    }

    Decision start() {
        Saga next = saga;
        for (Step<?> step : definition.steps()) {
            next = step.isGiven() ? next.with(step, new Progress.Done()) : next;
        }
        return goOn(next, Cause.STARTED);
    }

    /** Sends the next step's action, or completes. */
    Decision.Moved goOn(Saga next, Cause cause) {
        Step<?> open = next.currentStep(definition);
        return open == null ? moved(next.in(Phase.COMPLETED), List.of(), cause) : sendAction(next, open, 1, cause);
    }

    /** Turns back: what is under way may have taken effect, and is undone like what is done. */
    Decision.Moved undo(Saga next, Reason reason, Cause cause) {
        Saga turned = next.because(reason).in(Phase.COMPENSATING);
        for (Step<?> step : definition.steps()) {
            turned = switch (turned.of(step)) {
                case Progress.Sent(int attempt, _) -> turned.with(step, new Progress.Unknown(attempt));
                case Progress.Failed(int attempt, _) -> turned.with(step, new Progress.Unknown(attempt));
                default -> turned;
            };
        }
        return goBack(turned, cause);
    }

    /** Sends the compensation of the last step that is not undone, or is compensated. */
    Decision.Moved goBack(Saga next, Cause cause) {
        for (Step<?> step : definition.steps().reversed()) {
            Progress progress = next.of(step);
            if (step.compensation() != null
                    && (progress instanceof Progress.Done || progress instanceof Progress.Unknown)) {
                return sendCompensation(next, step, 1, cause);
            }
        }
        return moved(next.in(Phase.COMPENSATED), List.of(), cause);
    }

    Decision.Moved sendAction(Saga next, Step<?> step, int attempt, Cause cause) {
        return moved(
                next.with(step, new Progress.Sent(attempt, now)),
                List.of(new CommandToSend(step.name(), Direction.ACTION, attempt)),
                cause);
    }

    Decision.Moved sendCompensation(Saga next, Step<?> step, int attempt, Cause cause) {
        return moved(
                next.with(step, new Progress.Compensating(attempt, now)),
                List.of(new CommandToSend(step.name(), Direction.COMPENSATION, attempt)),
                cause);
    }

    /** The action was not answered in time. */
    Decision resendAction(Step<?> step, int attempt) {
        StepPolicy policy = step.patience();
        if (attempt < policy.attempts()) {
            return sendAction(saga, step, attempt + 1, Cause.again("TIMEOUT", step, Direction.ACTION, attempt));
        }
        String message = "No answer to " + attempt + (attempt == 1 ? " attempt" : " attempts") + " of "
                + policy.timeout() + " each";
        return actionSpent(
                step, Stuck.Code.OUTCOME_UNKNOWN, message, Cause.silence(step, Direction.ACTION, attempt, message));
    }

    /** The compensation was not answered in time. */
    Decision resendCompensation(Step<?> step, int attempt) {
        StepPolicy policy = step.patience();
        if (attempt < policy.attempts()) {
            return sendCompensation(
                    saga, step, attempt + 1, Cause.again("TIMEOUT", step, Direction.COMPENSATION, attempt));
        }
        String message = "No answer to " + attempt + (attempt == 1 ? " attempt" : " attempts") + " of "
                + policy.timeout() + " each";
        return stuck(
                step,
                Stuck.Code.COMPENSATION_FAILED,
                message,
                Cause.silence(step, Direction.COMPENSATION, attempt, message));
    }

    /** The action failed for a technical reason. */
    Decision retryAction(Step<?> step, SagaInput.ReplyArrived reply) {
        if (reply.attempt() < step.patience().attempts()) {
            return moved(
                    saga.with(step, new Progress.Failed(reply.attempt(), resendAt(step, reply))),
                    List.of(),
                    Cause.of(reply));
        }
        String message = "Failed at the last of " + reply.attempt() + " attempts: " + reply.code() + ": "
                + reply.message();
        return actionSpent(step, Stuck.Code.RETRIES_EXHAUSTED, message, Cause.of(reply));
    }

    /** The compensation failed for a technical reason, or was refused. */
    Decision retryCompensation(Step<?> step, SagaInput.ReplyArrived reply) {
        if (reply.attempt() < step.patience().attempts()) {
            return moved(
                    saga.with(step, new Progress.CompensationFailed(reply.attempt(), resendAt(step, reply))),
                    List.of(),
                    Cause.of(reply));
        }
        String message = "Failed at the last of " + reply.attempt() + " attempts: " + reply.code() + ": "
                + reply.message();
        return stuck(step, Stuck.Code.COMPENSATION_FAILED, message, Cause.of(reply));
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
        Instant due = move.saga().dueAt(definition);
        // An ended saga is woken once more, at once, so that whoever keeps its wake-up forgets it.
        return new Decision.Moved(move.saga(), move.commands(), told, due == null ? now : due);
    }

    private Decision actionSpent(Step<?> step, Stuck.Code codeFromPivotOn, String message, Cause cause) {
        return switch (step.kind()) {
            case COMPENSABLE -> undo(saga, new Reason(Reason.TIMEOUT, step.name(), message), cause);
            case PIVOT -> stuck(step, codeFromPivotOn, message, cause);
            case RETRIABLE -> stuck(step, Stuck.Code.RETRIES_EXHAUSTED, message, cause);
        };
    }

    private Decision stuck(Step<?> step, Stuck.Code code, String message, Cause cause) {
        return moved(saga.stuckBy(code, step.name(), message), List.of(), cause);
    }

    private Instant resendAt(Step<?> step, SagaInput.ReplyArrived reply) {
        Duration pause = step.patience().pauseAfter(reply.attempt(), jitter);
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
