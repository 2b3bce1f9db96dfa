package io.baton.orchestrator.saga;

import io.baton.orchestrator.saga.SagaInput.Kind;
import io.baton.orchestrator.saga.SagaInput.ReplyArrived;
import java.time.Duration;

/**
 * A command or reply under way, as a number of 16 bits, because there are very many of them: the attempt, the step's
 * position, the direction, what it is, and which of two sagas it belongs to.
 */
final class Message {

    static final int COMMAND = 0;
    static final int PROBE = 1;
    static final int DONE = 2;
    static final int REFUSED = 3;
    static final int FAILED = 4;
    static final int UNREADABLE = 5;

    private static final int MOST_ATTEMPTS = 255;

    private Message() {}

    static int of(int what, int step, Direction direction, int attempt, int saga) {
        if (attempt < 0 || attempt > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("Expected at most " + MOST_ATTEMPTS + " attempts but got " + attempt);
        }
        return saga << 15 | what << 12 | direction.ordinal() << 11 | step << 8 | attempt;
    }

    static int of(CommandToSend command, int step, int saga) {
        return of(command.probe() ? PROBE : COMMAND, step, command.direction(), command.attempt(), saga);
    }

    /** The answer to this command. */
    static int answer(int command, int what) {
        return command & ~(7 << 12) | what << 12;
    }

    /** The answer to this attempt of a command. */
    static int answer(int command, int attempt, int what) {
        return answer(command & ~255 | attempt, what);
    }

    static int saga(int message) {
        return message >> 15;
    }

    static int what(int message) {
        return message >> 12 & 7;
    }

    static boolean isReply(int message) {
        return what(message) >= DONE;
    }

    static boolean isCompensation(int message) {
        return (message >> 11 & 1) == 1;
    }

    static int step(int message) {
        return message >> 8 & 7;
    }

    static int attempt(int message) {
        return message & 255;
    }

    /** What the saga is given when this reply is read. */
    static SagaInput input(int reply, SagaDefinition<?> definition, Duration retryAfter) {
        Step<?> step = definition.steps().get(step(reply));
        Direction direction = isCompensation(reply) ? Direction.COMPENSATION : Direction.ACTION;
        boolean kept = what(reply) == DONE && direction == Direction.ACTION && step.captures() != null;
        return switch (what(reply)) {
            case DONE -> kept
                    ? ReplyArrived.done(step.name(), direction, attempt(reply)).with(step.name())
                    : ReplyArrived.done(step.name(), direction, attempt(reply));
            case REFUSED -> ReplyArrived.not(Kind.REFUSED, step.name(), direction, attempt(reply), "NO", "No.");
            case FAILED -> new ReplyArrived(
                    step.name(), direction, attempt(reply), Kind.FAILED, "BROKEN", "Broken.", retryAfter, null);
            default -> new SagaInput.ReplyUnreadable(step.name(), direction, attempt(reply), "Unreadable.");
        };
    }

    static String text(int message, SagaDefinition<?> definition) {
        String[] words = {"command", "probe", "done", "refused", "failed", "unreadable"};
        return definition.steps().get(step(message)).name() + (isCompensation(message) ? " compensation " : " ")
                + words[what(message)] + " " + attempt(message) + (saga(message) == 0 ? "" : " of the other saga");
    }
}
