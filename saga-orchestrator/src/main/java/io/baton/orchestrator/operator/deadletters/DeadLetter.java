package io.baton.orchestrator.operator.deadletters;

import io.baton.contract.MessageHeaders;
import io.baton.contract.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A record that was put aside, as it is kept.
 *
 * @param order in which it was read; 0 before it is stored
 * @param at the time that the record bears
 * @param headers all of them, also those that were added when it was put aside; without values where it was too large
 * @param body null if the record has none, or it was too large to be kept
 * @param bytes how many its body has
 * @param isComplete false if it was too large to be kept, or was cut when it was put aside: then it cannot be sent again
 *     from here
 * @param type null if it names none
 * @param sagaId null if it names none
 * @param origin where it was read before it was put aside; null if it was written here in the first place
 * @param exception the class of what was thrown; null if nothing was
 */
record DeadLetter(
        long order,
        DeadLetterId id,
        Instant at,
        byte @Nullable [] key,
        List<RawHeader> headers,
        byte @Nullable [] body,
        int bytes,
        boolean isComplete,
        @Nullable String type,
        @Nullable Long sagaId,
        @Nullable Origin origin,
        @Nullable String exception,
        String reason,
        Settlement settlement) {

    /** A header's name and value, as they are. */
    record RawHeader(byte[] name, byte @Nullable [] value) {

        String nameAsText() {
            return text(name);
        }
    }

    /** A place in a topic. */
    record Origin(String topic, int partition, long offset) {

        @Override
        public String toString() {
            return topic + "-" + partition + "@" + offset;
        }
    }

    /** What became of it: {@code NEW}, {@code REDRIVEN} or {@code DISCARDED}; since when, by whom, why and on which request, if not new. */
    record Settlement(String status, @Nullable Instant at, @Nullable String by, @Nullable String why,
            @Nullable UUID request) {

        static final Settlement NEW = new Settlement("NEW", null, null, null, null);
    }

    /** The topic to which it would be sent again; null if it tells people of something, and nobody would read it. */
    @Nullable String redriveTopic() {
        return id.topic().endsWith(Topics.DEAD_LETTER_SUFFIX)
                ? id.topic().substring(0, id.topic().length() - Topics.DEAD_LETTER_SUFFIX.length())
                : null;
    }

    /** How many bytes its body had before it was cut; null if it was not. */
    @Nullable String cutFrom() {
        return headers.stream()
                .filter(header -> header.nameAsText().equals(MessageHeaders.DLT_CUT_FROM) && header.value() != null)
                .map(header -> text(header.value()))
                .findFirst()
                .orElse(null);
    }

    /** Bytes as text that can be stored and shown, whatever they are. */
    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8).replace('\0', '\uFFFD');
    }
}
