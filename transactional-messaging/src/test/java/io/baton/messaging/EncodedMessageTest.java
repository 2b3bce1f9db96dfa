package io.baton.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

class EncodedMessageTest {

    private static final EncodedMessage FULL = new EncodedMessage(
            "topic",
            "key".getBytes(UTF_8),
            List.of(
                    new RecordHeader("a", "1".getBytes(UTF_8)),
                    new RecordHeader("a", "2".getBytes(UTF_8)),
                    new RecordHeader("ä", null),
                    new RecordHeader("empty", new byte[0])),
            new byte[] {0, -1, 127});

    @Test
    void what_is_packed_is_unpacked_in_its_order() {
        EncodedMessage other = new EncodedMessage("other", "k".getBytes(UTF_8), List.of(), new byte[100_000]);

        List<EncodedMessage> unpacked = EncodedMessage.unpack(EncodedMessage.pack(List.of(FULL, other, FULL)));

        assertThat(unpacked).usingRecursiveComparison().isEqualTo(List.of(FULL, other, FULL));
    }

    @Test
    void a_missing_key_and_a_missing_value_stay_missing_and_empty_ones_empty() {
        EncodedMessage missing = new EncodedMessage("topic", null, List.of(), null);
        EncodedMessage empty = new EncodedMessage("topic", new byte[0], List.of(), new byte[0]);

        List<EncodedMessage> unpacked = EncodedMessage.unpack(EncodedMessage.pack(List.of(missing, empty)));

        assertThat(unpacked.getFirst().key()).isNull();
        assertThat(unpacked.getFirst().value()).isNull();
        assertThat(unpacked.getLast().key()).isEmpty();
        assertThat(unpacked.getLast().value()).isEmpty();
    }

    @Test
    void nothing_stored_means_no_messages() {
        assertThat(EncodedMessage.unpack(null)).isEmpty();
        assertThat(EncodedMessage.unpack(EncodedMessage.pack(List.of()))).isEmpty();
    }

    @Test
    void an_unknown_format_is_named() {
        byte[] packed = EncodedMessage.pack(List.of(FULL));
        packed[0] = 7;

        assertThatIllegalStateException()
                .isThrownBy(() -> EncodedMessage.unpack(packed))
                .withMessageContaining("7");
    }

    @Test
    void what_was_cut_off_is_not_taken_for_a_shorter_message() {
        byte[] packed = EncodedMessage.pack(List.of(FULL));

        for (int length = 0; length < packed.length; length++) {
            byte[] cut = Arrays.copyOf(packed, length);
            assertThatThrownBy(() -> EncodedMessage.unpack(cut)).isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void the_record_to_send_has_the_same_bytes_and_leaves_the_partition_to_the_key() {
        var record = FULL.toRecord();

        assertThat(record.topic()).isEqualTo("topic");
        assertThat(record.partition()).isNull();
        assertThat(record.key()).isEqualTo(FULL.key());
        assertThat(record.value()).isEqualTo(FULL.value());
        assertThat(record.headers().toArray()).containsExactlyElementsOf(FULL.headers());
    }
}
