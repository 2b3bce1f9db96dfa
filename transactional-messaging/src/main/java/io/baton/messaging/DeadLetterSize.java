package io.baton.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.baton.contract.MessageHeaders;
import io.baton.contract.Topics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Cuts dead letters that could be neither stored nor sent. A record that came compressed may be of any size once it is
 * unpacked, and a dead letter that cannot be sent would hold its partition up for ever. What was cut says so, and its
 * headers say where the record lies as it came.
 */
final class DeadLetterSize {

    /** What is left of one that is cut, all parts together: as much as an operator's tools keep. */
    static final int CUT_BYTES = 1_000_000;

    /** So much a record has besides the bytes of its parts, at most, and each header; Kafka's own bounds. */
    private static final int RECORD_OVERHEAD = 100;

    private static final int HEADER_OVERHEAD = 10;

    /** Of a name, of a header's value, and of a key, where these and not the body are what is large. */
    private static final int PART_MAX = 1_000;

    private static final int HEADERS_MAX = 100;

    private DeadLetterSize() {}

    /** The message itself, unless it is a dead letter that does not fit. */
    static EncodedMessage fit(EncodedMessage letter) {
        if (!letter.topic().endsWith(Topics.DEAD_LETTER_SUFFIX)) {
            return letter;
        }
        boolean namesFit = letter.headers().stream().allMatch(header -> header.key().length() <= PART_MAX);
        long size = RECORD_OVERHEAD + size(letter.key()) + size(letter.value()) + size(letter.headers());
        return namesFit && size <= MessageSender.REQUEST_BYTES_MAX ? letter : cut(letter);
    }

    private static EncodedMessage cut(EncodedMessage letter) {
        byte[] key = letter.key();
        List<Header> headers = new ArrayList<>();
        letter.headers().forEach(header -> headers.add(new RecordHeader(shortened(header.key()), header.value())));
        if (size(key) + size(headers) > CUT_BYTES / 2) {
            key = shortened(key);
            headers.replaceAll(header -> new RecordHeader(header.key(), shortened(header.value())));
            // The last ones were added here: where it came from, and why it is a dead letter.
            if (headers.size() > HEADERS_MAX) {
                headers.subList(HEADERS_MAX / 2, headers.size() - HEADERS_MAX / 2).clear();
            }
        }
        headers.add(new RecordHeader(
                MessageHeaders.DLT_CUT_FROM, Long.toString(size(letter.value())).getBytes(UTF_8)));
        byte[] value = letter.value();
        int room = Math.toIntExact(CUT_BYTES - size(key) - size(headers));
        return new EncodedMessage(
                letter.topic(), key, headers, value == null || value.length <= room ? value : Arrays.copyOf(value, room));
    }

    private static long size(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static long size(List<Header> headers) {
        long size = 0;
        for (Header header : headers) {
            // As many bytes as a character can have.
            size += HEADER_OVERHEAD + 3L * header.key().length() + size(header.value());
        }
        return size;
    }

    private static String shortened(String name) {
        return name.length() <= PART_MAX ? name : name.substring(0, PART_MAX) + "…";
    }

    private static byte @Nullable [] shortened(byte @Nullable [] bytes) {
        return bytes == null || bytes.length <= PART_MAX ? bytes : Arrays.copyOf(bytes, PART_MAX);
    }
}
