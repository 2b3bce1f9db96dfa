package io.baton.orchestrator.saga;

/**
 * A command that must be sent when the decision is saved. Its body follows from the definition and the saga's data.
 *
 * @param probe whether its participant is only asked what came of it
 */
public record CommandToSend(String step, Direction direction, int attempt, boolean probe) {

    static CommandToSend action(Step<?> step, int attempt) {
        return new CommandToSend(step.name(), Direction.ACTION, attempt, false);
    }

    static CommandToSend probe(Step<?> step, int attempt) {
        return new CommandToSend(step.name(), Direction.ACTION, attempt, true);
    }

    static CommandToSend compensation(Step<?> step, int attempt) {
        return new CommandToSend(step.name(), Direction.COMPENSATION, attempt, false);
    }
}
