package io.baton.orchestrator.execution;

import io.baton.orchestrator.saga.CommandToSend;
import io.baton.orchestrator.saga.Direction;
import io.baton.orchestrator.saga.Progress;
import io.baton.orchestrator.saga.Saga;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A command that its saga takes for sent, and that waits to be.
 *
 * @param holdId of what is held of the definition; null if the saga is paused
 */
public record HeldCommand(long sagaId, CommandToSend command, Instant since, @Nullable Long holdId) {

    /** Whether the saga still waits for the answer; if not, nobody would miss the command. */
    boolean isAwaitedBy(Saga saga) {
        Progress progress = saga.progress().get(command.step());
        return switch (progress) {
            case Progress.Sent(int attempt, _) ->
                command.direction() == Direction.ACTION && attempt == command.attempt();
            case Progress.Compensating(int attempt, _) ->
                command.direction() == Direction.COMPENSATION && attempt == command.attempt();
            case null, default -> false;
        };
    }

    HeldCommand by(@Nullable Long hold) {
        return new HeldCommand(sagaId, command, since, hold);
    }
}
