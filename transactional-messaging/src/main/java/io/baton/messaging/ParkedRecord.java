package io.baton.messaging;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record that was put aside as a dead letter, as far as it can be read.
 *
 * @param key the record's key; null if it has none
 * @param headers every header that is text, the last one of a name
 * @param reason one sentence for an operator, without personal data
 */
public record ParkedRecord(
        String topic, int partition, long offset, @Nullable String key, Map<String, String> headers, String reason) {

    /** Where it was read, as {@code topic-partition@offset}. */
    public String position() {
        return topic + "-" + partition + "@" + offset;
    }
}
