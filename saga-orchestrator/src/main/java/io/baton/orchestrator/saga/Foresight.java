package io.baton.orchestrator.saga;

import io.baton.orchestrator.saga.SagaInput.ReplyArrived;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What becomes of a saga if every command is done at once. Found by letting the machine decide it, so that nobody has to
 * know its rules twice.
 *
 * @param later the commands that are still to be sent, in their order
 * @param end the saga when nothing more follows; stuck if more has to be seen to than the answers
 */
public record Foresight(List<CommandToSend> later, Saga end) {

    /** @param now the database's time */
    public static Foresight of(SagaDefinition<?> definition, Saga saga, Instant now) {
        List<CommandToSend> later = new ArrayList<>();
        Saga at = saga;
        // A step is sent again at most once, and done once in each direction.
        for (int i = 0; i < 4 * definition.steps().size() && at.phase().isMoving(); i++) {
            Step<?> step = at.currentStep(definition);
            if (step == null || !(next(definition, at, step, now) instanceof Decision.Moved moved)) {
                break;
            }
            later.addAll(moved.commands());
            at = moved.saga();
        }
        return new Foresight(List.copyOf(later), at);
    }

    private static Decision next(SagaDefinition<?> definition, Saga saga, Step<?> step, Instant now) {
        Progress progress = saga.of(step);
        Instant due = saga.dueAt(definition);
        boolean waits = progress instanceof Progress.Failed || progress instanceof Progress.CompensationFailed;
        if (waits && due != null) {
            Instant then = due.isBefore(now) ? now : due;
            return SagaMachine.decide(definition, saga, new SagaInput.TimerFired(), then, 0);
        }
        Direction way = saga.direction() == Direction.COMPENSATION ? Direction.COMPENSATION : Direction.ACTION;
        ReplyArrived done = ReplyArrived.done(step.name(), way, progress.attempt());
        return SagaMachine.decide(definition, saga, done, now, 0);
    }
}
