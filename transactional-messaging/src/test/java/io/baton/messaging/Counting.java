package io.baton.messaging;

import io.baton.contract.MessageHeaders;
import io.baton.contract.MessageType;
import io.baton.contract.OrderId;
import io.baton.contract.Outcome;
import io.baton.contract.Refusal;
import io.baton.contract.Topics;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The contract of the tests' participant: it counts how often each command takes effect. */
final class Counting {

    /** What the commands' far future is, for tests in which nothing expires. */
    static final Instant NEVER = Instant.parse("2089-01-01T00:00:00Z");

    static final String STEP = "counting";

    private Counting() {}

    record Count(OrderId orderId, int number) {}

    record Uncount(OrderId orderId) {}

    record Counted(OrderId orderId, int number) implements Outcome {}

    record Uncounted(OrderId orderId) implements Outcome {}

    record CountRefused(OrderId orderId, String code, String message) implements Refusal {}

    /** What the participant tells everybody about a count. */
    record Noted(OrderId orderId, int number) {}

    static List<MessageType> types(String commands, String events) {
        return List.of(
                new MessageType("test.Count", Count.class, Set.of(commands)),
                new MessageType("test.Uncount", Uncount.class, Set.of(commands)),
                new MessageType("test.Counted", Counted.class, Set.of(Topics.SAGA_REPLIES)),
                new MessageType("test.Uncounted", Uncounted.class, Set.of(Topics.SAGA_REPLIES)),
                new MessageType("test.CountRefused", CountRefused.class, Set.of(Topics.SAGA_REPLIES)),
                new MessageType("test.Noted", Noted.class, Set.of(events)));
    }

    /** A command as a saga sends it. */
    static OutgoingMessage command(String topic, CommandKey key, int attempt, Instant expiry, Record body) {
        return new OutgoingMessage(
                topic,
                key.sagaId().toString(),
                key + "/" + attempt,
                body,
                Map.of(
                        MessageHeaders.SAGA_ID, key.sagaId().toString(),
                        MessageHeaders.STEP, key.step(),
                        MessageHeaders.DIRECTION, key.direction().name(),
                        MessageHeaders.ATTEMPT, Integer.toString(attempt),
                        MessageHeaders.EXPIRY_TIME, expiry.toString()));
    }
}
