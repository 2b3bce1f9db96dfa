package io.baton.orchestrator.execution;

import io.baton.contract.CommandFailed;
import io.baton.contract.CommandRefused;
import io.baton.contract.MessageHeaders;
import io.baton.contract.Refusal;
import io.baton.contract.SagaId;
import io.baton.messaging.IncomingMessage;
import io.baton.messaging.MalformedMessageException;
import io.baton.orchestrator.saga.Direction;
import io.baton.orchestrator.saga.SagaInput.Kind;
import io.baton.orchestrator.saga.SagaInput.ReplyArrived;
import io.baton.orchestrator.saga.SagaInput.ReplyUnreadable;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads what a participant says of a command from its reply. */
final class ReplyReader {

    private static final String EXPIRED = "EXPIRED";

    private ReplyReader() {}

    /**
     * A reply as the machine takes it.
     *
     * @param commandPosition where the participant read the command, if it says
     */
    record Reply(SagaId sagaId, ReplyArrived input, @Nullable String commandPosition, IncomingMessage message) {}

    /** An answer to somebody's command that says nothing. */
    record Lost(SagaId sagaId, ReplyUnreadable input) {}

    /** Whose an answer is that cannot be read. Empty if not even that can be told. */
    static Optional<Lost> unreadable(Map<String, String> headers, String why) {
        String step = headers.get(MessageHeaders.STEP);
        if (step == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Lost(
                    SagaId.parse(headers.getOrDefault(MessageHeaders.SAGA_ID, "")),
                    new ReplyUnreadable(
                            step,
                            Direction.valueOf(headers.getOrDefault(MessageHeaders.DIRECTION, "")),
                            Integer.parseInt(headers.getOrDefault(MessageHeaders.ATTEMPT, "")),
                            why)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** @throws MalformedMessageException if a header is missing or senseless, or does not fit the body */
    static Reply read(IncomingMessage message) {
        SagaId sagaId = header(message, MessageHeaders.SAGA_ID, SagaId::parse);
        String step = message.header(MessageHeaders.STEP);
        Direction direction = header(message, MessageHeaders.DIRECTION, Direction::valueOf);
        int attempt = header(message, MessageHeaders.ATTEMPT, Integer::parseInt);
        Kind kind = header(message, MessageHeaders.OUTCOME, Kind::valueOf);
        ReplyArrived input =
                switch (kind) {
                    case DONE -> done(message, step, direction, attempt);
                    case REFUSED -> refused(message, step, direction, attempt);
                    case FAILED -> failed(message, step, direction, attempt);
                };
        return new Reply(sagaId, input, message.headerOrNull(MessageHeaders.COMMAND_POSITION), message);
    }

    private static ReplyArrived done(IncomingMessage message, String step, Direction direction, int attempt) {
        if (message.body() instanceof Refusal
                || message.body() instanceof CommandRefused
                || message.body() instanceof CommandFailed) {
            throw mismatch(message);
        }
        return ReplyArrived.done(step, direction, attempt);
    }

    private static ReplyArrived refused(IncomingMessage message, String step, Direction direction, int attempt) {
        return switch (message.body()) {
            case Refusal refusal ->
                new ReplyArrived(
                        step,
                        direction,
                        attempt,
                        Kind.REFUSED,
                        text(message, refusal.code()),
                        text(message, refusal.message()),
                        Duration.ZERO,
                        null);
            // Too late, as participants of an earlier version say it, is not a business "no": nothing was done.
            case CommandRefused(String code, String why) ->
                new ReplyArrived(
                        step,
                        direction,
                        attempt,
                        EXPIRED.equals(code) ? Kind.FAILED : Kind.REFUSED,
                        text(message, code),
                        text(message, why),
                        Duration.ZERO,
                        null);
            default -> throw mismatch(message);
        };
    }

    private static ReplyArrived failed(IncomingMessage message, String step, Direction direction, int attempt) {
        if (!(message.body() instanceof CommandFailed(String code, String why, long retryAfterMillis))) {
            throw mismatch(message);
        }
        return new ReplyArrived(
                step,
                direction,
                attempt,
                Kind.FAILED,
                text(message, code),
                text(message, why),
                Duration.ofMillis(Math.max(0, retryAfterMillis)),
                null);
    }

    private static String text(IncomingMessage message, @Nullable String value) {
        if (value == null) {
            throw new MalformedMessageException(
                    "Expected a code and a message in " + message.type().name() + " but one is missing");
        }
        return value;
    }

    private static <T> T header(IncomingMessage message, String name, Function<String, T> parse) {
        String value = message.header(name);
        try {
            return parse.apply(value);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException("Expected a sensible header " + name + " but it cannot be read", e);
        }
    }

    private static MalformedMessageException mismatch(IncomingMessage message) {
        return new MalformedMessageException("Expected a body that fits the header " + MessageHeaders.OUTCOME + " '"
                + message.header(MessageHeaders.OUTCOME) + "' but it is a " + message.type().name());
    }
}
