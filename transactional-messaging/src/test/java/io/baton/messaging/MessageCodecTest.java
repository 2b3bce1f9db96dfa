package io.baton.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.baton.contract.Contract;
import io.baton.contract.MessageHeaders;
import io.baton.contract.MessageType;
import io.baton.contract.OrderId;
import io.baton.contract.SagaId;
import io.baton.contract.Topics;
import io.baton.messaging.Counting.Count;
import io.baton.messaging.Counting.Noted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCodecTest {

    private static final String COMMANDS = "test.commands";
    private static final OrderId ORDER = new OrderId(77);
    private static final SagaId SAGA = new SagaId(77);
    private static final CommandKey KEY = new CommandKey(SAGA, Counting.STEP, Direction.ACTION);

    private static final Path GOLDEN = Path.of("..", "common-events", "src", "test", "resources", "golden");

    /** Has everything that a contract's record may have: another record, a list, and what may be missing. */
    private record Nested(
            OrderId orderId, List<Line> lines, @Nullable String remark, @Nullable List<@Nullable Line> gifts) {}

    private record Line(String sku, int quantity, @Nullable String note) {}

    private final Clock clock = Clock.fixed(Instant.parse("2026-03-01T12:00:00.123456789Z"), ZoneOffset.UTC);
    private final MessageCodec codec =
            new MessageCodec(Counting.types(COMMANDS, "test.events"), "counting-service", clock);

    private final MessageCodec nested = new MessageCodec(
            List.of(new MessageType("test.Nested", Nested.class, Set.of(COMMANDS))), "counting-service", clock);

    @Test
    void a_message_carries_the_attributes_of_a_cloud_event() {
        EncodedMessage message = codec.encode(command(), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        assertThat(headers(message)).containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                Map.entry("ce_specversion", "1.0"),
                Map.entry("ce_id", KEY + "/3"),
                Map.entry("ce_source", "/counting-service"),
                Map.entry("ce_type", "test.Count"),
                Map.entry("ce_subject", ORDER.toString()),
                Map.entry("ce_time", "2026-03-01T12:00:00.123Z"),
                Map.entry("content-type", "application/json"),
                Map.entry("ce_sagaid", SAGA.toString()),
                Map.entry("ce_step", "counting"),
                Map.entry("ce_direction", "ACTION"),
                Map.entry("ce_attempt", "3"),
                Map.entry("ce_expirytime", Counting.NEVER.toString()),
                Map.entry("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")));
        assertThat(message.topic()).isEqualTo(COMMANDS);
        assertThat(message.key()).isEqualTo(ORDER.toString().getBytes(UTF_8));
        assertThat(new String(message.value(), UTF_8)).isEqualTo("{\"orderId\":\"" + ORDER + "\",\"number\":5}");
    }

    @Test
    void what_is_encoded_is_decoded() {
        IncomingMessage decoded = codec.decode(record(codec.encode(command(), null)));

        assertThat(decoded.body()).isEqualTo(new Count(ORDER, 5));
        assertThat(decoded.key()).isEqualTo(ORDER.toString());
        assertThat(decoded.id()).isEqualTo(KEY + "/3");
        assertThat(decoded.position()).isEqualTo(COMMANDS + "-2@40");
        ReceivedCommand received = ReceivedCommand.of(decoded);
        assertThat(received.key()).isEqualTo(KEY);
        assertThat(received.attempt()).isEqualTo(3);
        assertThat(received.expiry()).isEqualTo(Counting.NEVER);
    }

    @Test
    void a_trace_parent_that_is_given_with_the_message_wins() {
        OutgoingMessage message = new OutgoingMessage(
                "test.events", "k", "id", new Noted(ORDER, 1), Map.of(MessageHeaders.TRACE_PARENT, "given"));

        assertThat(headers(codec.encode(message, "current"))).containsEntry("traceparent", "given");
    }

    @Test
    void fields_that_a_reader_does_not_know_are_ignored() {
        var record = withValue("{\"added\":{\"later\":[1,2]},\"number\":5,\"orderId\":\"" + ORDER + "\"}");

        assertThat(codec.decode(record).body()).isEqualTo(new Count(ORDER, 5));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            textBlock = """
                    {"lines":[]}                                               | orderId
                    {"orderId":null,"lines":[]}                                | orderId
                    {"orderId":"0000000000025"}                                | lines
                    {"orderId":"0000000000025","lines":[null]}                 | lines[0]
                    {"orderId":"0000000000025","lines":[{"quantity":1}]}       | lines[0].sku
                    {"orderId":"0000000000025","lines":[{"sku":"A"}]}          | lines[0].quantity
                    """)
    void a_body_without_something_that_its_record_requires_is_malformed_at_every_depth(String body, String missing) {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> nested.decode(nested(body)))
                .withMessageEndingWith("has no " + missing);
    }

    @Test
    void what_a_record_marks_as_nullable_may_be_missing_or_null() {
        String body = "{\"orderId\":\"" + ORDER + "\",\"lines\":[{\"sku\":\"A\",\"quantity\":1,\"note\":null}]}";

        assertThat(nested.decode(nested(body)).body())
                .isEqualTo(new Nested(ORDER, List.of(new Line("A", 1, null)), null, null));
    }

    static Stream<Arguments> goldenFiles() throws IOException {
        try (Stream<Path> files = Files.walk(GOLDEN)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> Arguments.of(file.getFileName().toString().replace(".json", ""), file))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("goldenFiles")
    void every_message_that_was_ever_written_has_all_that_its_record_requires(String name, Path file)
            throws IOException {
        MessageCodec contract = new MessageCodec(Contract.MESSAGES, "counting-service", clock);
        MessageType type = Contract.MESSAGES.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        EncodedMessage message = contract.encode(
                type.topics().iterator().next(), "key", "id", name, Files.readAllBytes(file), Map.of(), null);

        assertThat(contract.decode(record(message)).body()).isInstanceOf(type.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "{",
                "[]",
                "7",
                "\"text\"",
                "{\"orderId\":\"0000000000025\",\"number\":5} {}",
                "{\"orderId\":\"0000000000025\",\"number\":5}]",
                "{\"orderId\":\"not an id\",\"number\":5}",
                "{\"orderId\":\"0000000000025\",\"number\":\"five\"}",
                "{\"orderId\":\"0000000000025\",\"number\":99999999999}",
                "{'orderId':'0000000000025','number':5}",
                "\u0000\u0001\u0002"
            })
    void a_body_that_is_not_the_types_json_is_malformed(String body) {
        assertMalformed(withValue(body));
    }

    @Test
    void a_body_nested_deeper_than_any_message_is_malformed() {
        assertMalformed(withValue("{\"orderId\":" + "[".repeat(100_000)));
    }

    @Test
    void a_record_without_type_key_value_subject_or_id_is_malformed() {
        EncodedMessage good = codec.encode(command(), null);

        assertMalformed(record(without(good, MessageHeaders.TYPE)));
        assertMalformed(record(without(good, MessageHeaders.SUBJECT)));
        assertMalformed(record(without(good, MessageHeaders.ID)));
        assertMalformed(record(new EncodedMessage(COMMANDS, null, good.headers(), good.value())));
        assertMalformed(record(new EncodedMessage(COMMANDS, new byte[0], good.headers(), good.value())));
        assertMalformed(record(new EncodedMessage(COMMANDS, good.key(), good.headers(), null)));
    }

    @Test
    void an_unknown_type_is_malformed_and_its_name_is_not_repeated_in_full() {
        EncodedMessage good = codec.encode(command(), null);
        List<Header> headers = new ArrayList<>(without(good, MessageHeaders.TYPE).headers());
        headers.add(header(MessageHeaders.TYPE, "x".repeat(10_000)));

        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> codec.decode(record(new EncodedMessage(COMMANDS, good.key(), headers, good.value()))))
                .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(300));
    }

    @Test
    void a_type_on_a_topic_that_is_not_its_own_is_malformed() {
        EncodedMessage event = codec.encode(new OutgoingMessage("test.events", "k", "id", new Noted(ORDER, 1)), null);

        assertMalformed(record(new EncodedMessage(COMMANDS, event.key(), event.headers(), event.value())));
    }

    @Test
    void a_key_that_is_not_the_subject_is_malformed() {
        EncodedMessage good = codec.encode(command(), null);

        assertMalformed(record(new EncodedMessage(COMMANDS, "other".getBytes(UTF_8), good.headers(), good.value())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                MessageHeaders.SAGA_ID,
                MessageHeaders.STEP,
                MessageHeaders.DIRECTION,
                MessageHeaders.ATTEMPT,
                MessageHeaders.EXPIRY_TIME
            })
    void a_command_without_one_of_its_headers_or_with_nonsense_in_it_is_malformed(String name) {
        EncodedMessage good = codec.encode(command(), null);
        IncomingMessage without = codec.decode(record(without(good, name)));
        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> ReceivedCommand.of(without));

        if (!name.equals(MessageHeaders.STEP)) {
            List<Header> headers = new ArrayList<>(without(good, name).headers());
            headers.add(header(name, "0"));
            IncomingMessage nonsense =
                    codec.decode(record(new EncodedMessage(COMMANDS, good.key(), headers, good.value())));
            assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> ReceivedCommand.of(nonsense));
        }
    }

    @Test
    void nothing_is_said_that_the_contract_does_not_allow() {
        record Stranger(int number) {}

        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.encode(new OutgoingMessage(COMMANDS, "k", "id", new Stranger(1)), null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.encode(new OutgoingMessage(COMMANDS, "k", "id", new Noted(ORDER, 1)), null))
                .withMessageContaining("test.events");
    }

    @Test
    void a_body_larger_than_the_broker_takes_is_refused_before_it_is_stored() {
        var refused = new Counting.CountRefused(ORDER, "CODE", "x".repeat(MessageCodec.BODY_BYTES_MAX));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.encode(new OutgoingMessage(Topics.SAGA_REPLIES, "k", "id", refused), null));
    }

    @Test
    void two_types_of_one_name_are_refused() {
        List<MessageType> twice = List.of(
                new MessageType("same", Count.class, Set.of("a")), new MessageType("same", Noted.class, Set.of("a")));

        assertThatIllegalStateException()
                .isThrownBy(() -> new MessageCodec(twice, "counting-service", clock))
                .withMessageContaining("same");
    }

    @Test
    void a_dead_letter_has_the_records_bytes_and_its_origin() {
        EncodedMessage good = codec.encode(command(), null);

        EncodedMessage letter = MessageCodec.deadLetter(record(good), "a.b.SomeException", "It did not work");

        assertThat(letter.topic()).isEqualTo(COMMANDS + "-dlt");
        assertThat(letter.key()).isEqualTo(good.key());
        assertThat(letter.value()).isEqualTo(good.value());
        assertThat(headers(letter)).containsAllEntriesOf(headers(good));
        assertThat(headers(letter))
                .containsEntry("kafka_dlt-original-topic", COMMANDS)
                .containsEntry("kafka_dlt-original-partition", "2")
                .containsEntry("kafka_dlt-original-offset", "40")
                .containsEntry("kafka_dlt-exception-fqcn", "a.b.SomeException")
                .containsEntry("kafka_dlt-exception-message", "It did not work");
    }

    @Test
    void a_dead_letter_that_its_topic_would_not_take_is_cut_and_says_so() {
        EncodedMessage good = codec.encode(command(), null);
        byte[] noise = new byte[5 * 1024 * 1024];
        new Random(3).nextBytes(noise);

        EncodedMessage letter = MessageCodec.deadLetter(
                record(new EncodedMessage(COMMANDS, good.key(), good.headers(), noise)), "a.b.SomeException", "No");

        assertThat(letter.value()).hasSizeBetween(900_000, 1_000_000).isEqualTo(Arrays.copyOf(noise, letter.value().length));
        assertThat(letter.key()).isEqualTo(good.key());
        assertThat(headers(letter))
                .containsAllEntriesOf(headers(good))
                .containsEntry("kafka_dlt-original-offset", "40")
                .containsEntry("kafka_dlt-cut-from", "5242880");
    }

    @Test
    void a_dead_letter_of_the_largest_size_that_its_topic_takes_is_as_it_came() {
        byte[] large = new byte[4 * 1024 * 1024 - 2_000];

        EncodedMessage letter = MessageCodec.deadLetter(
                record(new EncodedMessage(COMMANDS, null, List.of(), large)), "a.b.SomeException", "No");

        assertThat(letter.value()).hasSize(large.length);
        assertThat(headers(letter)).doesNotContainKey("kafka_dlt-cut-from");
    }

    @Test
    void a_dead_letter_is_cut_whatever_part_of_it_is_too_large() {
        byte[] large = new byte[5 * 1024 * 1024];
        List<Header> many = Collections.nCopies(600_000, header("n", "v"));
        List<EncodedMessage> records = List.of(
                new EncodedMessage(COMMANDS, large, List.of(), new byte[7]),
                new EncodedMessage(COMMANDS, null, List.of(header("n", "v".repeat(large.length))), new byte[7]),
                new EncodedMessage(COMMANDS, null, List.of(header("n".repeat(large.length), "v")), new byte[7]),
                new EncodedMessage(COMMANDS, null, many, new byte[7]),
                new EncodedMessage(COMMANDS, large, many, large));
        for (EncodedMessage each : records) {
            EncodedMessage letter = MessageCodec.deadLetter(record(each), "a.b.SomeException", "No");

            assertThat(EncodedMessage.pack(List.of(letter))).hasSizeLessThan(1_010_000);
            assertThat(headers(letter))
                    .containsEntry("kafka_dlt-original-topic", COMMANDS)
                    .containsEntry("kafka_dlt-exception-message", "No")
                    .containsEntry("kafka_dlt-cut-from", Integer.toString(each.value().length));
        }
    }

    private static OutgoingMessage command() {
        return Counting.command(COMMANDS, KEY, 3, Counting.NEVER, new Count(ORDER, 5));
    }

    private void assertMalformed(ConsumerRecord<byte[], byte[]> record) {
        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> codec.decode(record));
    }

    private ConsumerRecord<byte[], byte[]> withValue(String value) {
        EncodedMessage good = codec.encode(command(), null);
        return record(new EncodedMessage(COMMANDS, good.key(), good.headers(), value.getBytes(UTF_8)));
    }

    private ConsumerRecord<byte[], byte[]> nested(String value) {
        return record(nested.encode(COMMANDS, "key", "id", "test.Nested", value.getBytes(UTF_8), Map.of(), null));
    }

    private static EncodedMessage without(EncodedMessage message, String header) {
        List<Header> rest = new ArrayList<>(message.headers());
        rest.removeIf(h -> h.key().equals(header));
        return new EncodedMessage(message.topic(), message.key(), rest, message.value());
    }

    private static Header header(String name, String value) {
        return new org.apache.kafka.common.header.internals.RecordHeader(name, value.getBytes(UTF_8));
    }

    private static ConsumerRecord<byte[], byte[]> record(EncodedMessage message) {
        return new ConsumerRecord<>(
                message.topic(),
                2,
                40,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                message.key(),
                message.value(),
                new RecordHeaders(message.headers()),
                java.util.Optional.empty());
    }

    private static Map<String, String> headers(EncodedMessage message) {
        Map<String, String> headers = new HashMap<>();
        message.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        return headers;
    }
}
