package io.baton.messaging;

import io.baton.contract.MessageHeaders;
import io.baton.contract.MessageType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One record as it was read from a topic, its type known and allowed there, its body decoded.
 *
 * @param key the record's key: the order id, for commands, replies and requests
 * @param headers every header of the record, the last one of a name
 * @param body an instance of {@code type.body()}
 */
public record IncomingMessage(
        String topic,
        int partition,
        long offset,
        String key,
        MessageType type,
        Map<String, String> headers,
        Record body) {

    /** The {@link MessageHeaders#ID} header: the same for every copy of this message. */
    public String id() {
        return header(MessageHeaders.ID);
    }

    /**
     * The header's value.
     *
     * @throws MalformedMessageException if there is no such header
     */
    public String header(String name) {
        String value = headers.get(name);
        if (value == null) {
            throw new MalformedMessageException("Expected a header " + name + " but there is none");
        }
        return value;
    }

    public @Nullable String headerOrNull(String name) {
        return headers.get(name);
    }

    /** Where it was read, as {@code topic-partition@offset}. */
    public String position() {
        return topic + "-" + partition + "@" + offset;
    }
}
