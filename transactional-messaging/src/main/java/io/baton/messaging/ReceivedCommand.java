package io.baton.messaging;

import io.baton.contract.MessageHeaders;
import io.baton.contract.SagaId;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * A command as it was read.
 *
 * @param expiry after this moment it is not carried out if it is not known
 */
record ReceivedCommand(IncomingMessage message, CommandKey key, int attempt, Instant expiry) {

    /** @throws MalformedMessageException if the headers are not those of a command */
    static ReceivedCommand of(IncomingMessage message) {
        try {
            CommandKey key = new CommandKey(
                    SagaId.parse(message.header(MessageHeaders.SAGA_ID)),
                    message.header(MessageHeaders.STEP),
                    Direction.valueOf(message.header(MessageHeaders.DIRECTION)));
            int attempt = Integer.parseInt(message.header(MessageHeaders.ATTEMPT));
            if (attempt < 1) {
                throw new MalformedMessageException("Expected an attempt of at least 1 but got " + attempt);
            }
            return new ReceivedCommand(
                    message, key, attempt, Instant.parse(message.header(MessageHeaders.EXPIRY_TIME)));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new MalformedMessageException("Expected a command's headers (saga id, step, direction, attempt, expiry) "
                    + "but they cannot be read", e);
        }
    }

    /** Whether it must not be carried out, because only its outcome is asked for. */
    boolean isProbe() {
        return Boolean.parseBoolean(message.headerOrNull(MessageHeaders.PROBE));
    }

    CommandKey actionKey() {
        return new CommandKey(key.sagaId(), key.step(), Direction.ACTION);
    }

    boolean isCompensation() {
        return key.direction() == Direction.COMPENSATION;
    }
}
