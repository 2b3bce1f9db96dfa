package io.baton.messaging;

import io.baton.contract.CommandFailed;
import io.baton.contract.MessageHeaders;
import io.baton.contract.Topics;
import io.baton.messaging.Outcomes.Remembered;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the replies to commands: the outcome, with the identity of the command that it answers. */
final class Replies {

    private final MessageCodec codec;

    Replies(MessageCodec codec) {
        this.codec = codec;
    }

    /**
     * The reply that says what is remembered.
     *
     * @param attempt the copy of the command that is answered
     * @param commandPosition where that copy was read, if that is known
     */
    EncodedMessage of(
            Remembered remembered, int attempt, @Nullable String commandPosition, @Nullable String traceParent) {
        if (remembered.replyType() == null || remembered.reply() == null) {
            throw new IllegalStateException("Expected " + remembered.key() + " to have an answer but it is pending");
        }
        String outcome = remembered.status() == OutcomeStatus.DONE ? "DONE" : "REFUSED";
        return reply(
                remembered.key(),
                attempt,
                remembered.replyKey(),
                outcome,
                remembered.replyType(),
                remembered.reply(),
                commandPosition,
                traceParent);
    }

    /** The reply that says that it did not work this time. */
    EncodedMessage failed(
            CommandKey key,
            int attempt,
            String replyKey,
            CommandFailed failure,
            @Nullable String commandPosition,
            @Nullable String traceParent) {
        String type = codec.typeOf(CommandFailed.class).name();
        return reply(key, attempt, replyKey, "FAILED", type, codec.encodeBody(failure), commandPosition, traceParent);
    }

    /** What is remembered and said of an answer that stands. */
    static Record body(Answer answer) {
        return switch (answer) {
            case Answer.Done(var outcome) -> (Record) outcome;
            case Answer.Refused(var refusal) -> (Record) refusal;
            case Answer.Failed _, Answer.Later _ ->
                throw new IllegalArgumentException("Expected an answer that stands but got " + answer);
        };
    }

    /** What is said of an answer that does not stand. */
    static CommandFailed failure(Answer answer) {
        return switch (answer) {
            case Answer.Failed(var failure) -> failure;
            case Answer.Refused(var refusal) ->
                new CommandFailed("COMPENSATION_REFUSED", refusal.code() + ": " + refusal.message(), 0);
            case Answer.Done _, Answer.Later _ ->
                throw new IllegalArgumentException("Expected an answer that does not stand but got " + answer);
        };
    }

    private EncodedMessage reply(
            CommandKey key,
            int attempt,
            String replyKey,
            String outcome,
            String type,
            byte[] body,
            @Nullable String commandPosition,
            @Nullable String traceParent) {
        Map<String, String> headers = new HashMap<>();
        headers.put(MessageHeaders.SAGA_ID, key.sagaId().toString());
        headers.put(MessageHeaders.STEP, key.step());
        headers.put(MessageHeaders.DIRECTION, key.direction().name());
        headers.put(MessageHeaders.ATTEMPT, Integer.toString(attempt));
        headers.put(MessageHeaders.OUTCOME, outcome);
        if (commandPosition != null) {
            headers.put(MessageHeaders.COMMAND_POSITION, commandPosition);
        }
        String id = key + "/" + attempt + "/" + outcome;
        return codec.encode(Topics.SAGA_REPLIES, replyKey, id, type, body, headers, traceParent);
    }
}
