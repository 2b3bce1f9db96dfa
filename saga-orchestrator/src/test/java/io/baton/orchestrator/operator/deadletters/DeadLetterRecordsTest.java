package io.baton.orchestrator.operator.deadletters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLetterRecordsTest {

    @Test
    void nothing_about_a_record_needs_to_make_sense() {
        ConsumerRecord<byte[], byte[]> record = record(null, null);
        record.headers().add("ce_sagaid", new byte[] {0, -1}).add("kafka_dlt-original-partition", bytes("many"));
        DeadLetter letter = DeadLetterRecords.read(record);
        assertThat(letter.sagaId()).isNull();
        assertThat(letter.origin()).isNull();
        assertThat(letter.body()).isNull();
        assertThat(letter.bytes()).isZero();
        assertThat(letter.isComplete()).isTrue();
        assertThat(letter.reason()).isNotBlank();
        assertThat(letter.redriveTopic()).isEqualTo("saga.replies");
    }

    @Test
    void what_is_too_large_is_known_of_but_not_kept() {
        DeadLetter letter =
                DeadLetterRecords.read(record(bytes("key"), new byte[DeadLetterRecords.KEPT_BYTES_MAX + 1]));
        assertThat(letter.isComplete()).isFalse();
        assertThat(letter.body()).isNull();
        assertThat(letter.bytes()).isEqualTo(DeadLetterRecords.KEPT_BYTES_MAX + 1);
        assertThat(DeadLetterActions.allowed(letter).getFirst().allowed()).isFalse();
        assertThat(DeadLetterActions.allowed(letter).getFirst().why()).contains("broker's tools");
    }

    @Test
    void what_was_cut_when_it_was_put_aside_is_shown_but_not_sent_again() {
        ConsumerRecord<byte[], byte[]> record = record(bytes("key"), bytes("{\"sku\":\"S"));
        record.headers()
                .add("kafka_dlt-original-topic", bytes("saga.replies"))
                .add("kafka_dlt-original-partition", bytes("2"))
                .add("kafka_dlt-original-offset", bytes("40"))
                .add("kafka_dlt-cut-from", bytes("5242880"));

        DeadLetter letter = DeadLetterRecords.read(record);

        assertThat(letter.isComplete()).isFalse();
        assertThat(letter.body()).isEqualTo(record.value());
        assertThat(DeadLetterActions.allowed(letter).getFirst().allowed()).isFalse();
        assertThat(DeadLetterActions.allowed(letter).getFirst().why())
                .contains("5242880 bytes")
                .contains("saga.replies-2@40");
        assertThat(DeadLetterActions.allowed(letter).getLast().allowed()).as("it can be discarded").isTrue();
    }

    @Test
    void text_of_a_header_can_be_stored_whatever_it_is() {
        ConsumerRecord<byte[], byte[]> record = record(null, bytes("{}"));
        record.headers().add("ce_type", bytes("a\0b")).add("kafka_dlt-exception-message", bytes("x".repeat(5_000)));
        DeadLetter letter = DeadLetterRecords.read(record);
        assertThat(letter.type()).isEqualTo("a\uFFFDb");
        assertThat(letter.reason()).hasSizeLessThan(1_100);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"customerId\":\"c-1\",\"sku\":\"S\"}             | {\"customerId\":\"•••\",\"sku\":\"S\"}",
                "{\"deliveryAddress\":{\"name\":\"Ada\"},\"n\":[1]} | {\"deliveryAddress\":{\"name\":\"•••\"},\"n\":[1]}",
                "{\"name\": \"Ada\", \"age\": 36, oops}             | {\"name\": •••, \"age\": •••, •••}",
                "{\"name\": \"Ada                                   | {\"name\": •••",
                "Ada Lovelace                                       | ••• •••",
                "\"Ada Lovelace\"                                   | •••",
            })
    void a_body_is_shown_without_what_is_personal(String body, String shown) {
        assertThat(BodyText.of(bytes(body))).isEqualTo(shown);
    }

    @Test
    void no_body_is_too_deep_or_too_long_to_be_shown() {
        assertThat(BodyText.of(bytes("[".repeat(200_000)))).hasSize(100_001);
        assertThat(BodyText.of(bytes("\"" + "\\\"".repeat(200_000)))).isEqualTo(BodyText.HIDDEN + "…");
    }

    @Test
    void an_id_is_read_as_it_is_written() {
        DeadLetterId id = new DeadLetterId("saga.dead-letters-dlt", 3, 17);
        assertThat(DeadLetterId.parse(id.toString())).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-0-1", "t-0", "t-a-1", "t-0-", "t-+1-2", "t-01-2"})
    void anything_else_is_no_id(String text) {
        assertThatThrownBy(() -> DeadLetterId.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] value) {
        return new ConsumerRecord<>("saga.replies-dlt", 0, 7, key, value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
