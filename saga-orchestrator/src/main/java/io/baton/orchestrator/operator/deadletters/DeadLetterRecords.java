package io.baton.orchestrator.operator.deadletters;

import io.baton.contract.MessageHeaders;
import io.baton.contract.SagaId;
import io.baton.contract.SagaStuck;
import io.baton.contract.Topics;
import io.baton.orchestrator.operator.deadletters.DeadLetter.Origin;
import io.baton.orchestrator.operator.deadletters.DeadLetter.RawHeader;
import io.baton.orchestrator.operator.deadletters.DeadLetter.Settlement;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Makes dead letters of records. Nothing about a record is trusted: it was put aside because something is wrong with it. */
final class DeadLetterRecords {

    /** What is kept of a record, all parts together; every record that a service of ours sends is smaller. */
    static final int KEPT_BYTES_MAX = 1_100_000;

    private static final int TEXT_MAX = 1_000;
    private static final int HEADERS_MAX = 100;

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private DeadLetterRecords() {}

    static DeadLetter read(ConsumerRecord<byte[], byte[]> record) {
        int bytes = record.value() == null ? 0 : record.value().length;
        long all = bytes + (record.key() == null ? 0 : record.key().length);
        List<RawHeader> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            byte[] name = header.key().getBytes(StandardCharsets.UTF_8);
            all += name.length + (header.value() == null ? 0 : header.value().length);
            headers.add(new RawHeader(name, header.value()));
        }
        boolean kept = all <= KEPT_BYTES_MAX;
        boolean complete = kept && record.headers().lastHeader(MessageHeaders.DLT_CUT_FROM) == null;
        SagaStuck stuck = record.topic().equals(Topics.SAGA_DEAD_LETTERS) ? stuck(record.value()) : null;
        return new DeadLetter(
                0,
                new DeadLetterId(record.topic(), record.partition(), record.offset()),
                Instant.ofEpochMilli(Math.max(0, record.timestamp())),
                kept ? record.key() : null,
                kept
                        ? headers
                        : headers.stream()
                                .limit(HEADERS_MAX)
                                .map(header -> new RawHeader(abbreviated(header.name()), null))
                                .toList(),
                kept ? record.value() : null,
                bytes,
                complete,
                text(record, MessageHeaders.TYPE),
                stuck != null ? (Long) stuck.sagaId().value() : sagaId(record),
                origin(record),
                text(record, MessageHeaders.DLT_EXCEPTION_CLASS),
                reason(record, stuck),
                Settlement.NEW);
    }

    private static String reason(ConsumerRecord<byte[], byte[]> record, @Nullable SagaStuck stuck) {
        if (stuck != null) {
            return abbreviated(DeadLetter.text(
                    ("The saga is stuck: " + stuck.code() + ". " + stuck.message()).getBytes(StandardCharsets.UTF_8)));
        }
        String told = text(record, MessageHeaders.DLT_EXCEPTION_MESSAGE);
        return told == null ? "The record does not say why it was put aside." : told;
    }

    private static @Nullable SagaStuck stuck(byte @Nullable [] body) {
        try {
            SagaStuck stuck = body == null ? null : JSON.readValue(body, SagaStuck.class);
            return stuck == null || stuck.sagaId() == null ? null : stuck;
        } catch (JacksonException | IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable Long sagaId(ConsumerRecord<byte[], byte[]> record) {
        try {
            String id = text(record, MessageHeaders.SAGA_ID);
            return id == null ? null : (Long) SagaId.parse(id).value();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable Origin origin(ConsumerRecord<byte[], byte[]> record) {
        try {
            String topic = text(record, MessageHeaders.DLT_TOPIC);
            String partition = text(record, MessageHeaders.DLT_PARTITION);
            String offset = text(record, MessageHeaders.DLT_OFFSET);
            return topic == null || partition == null || offset == null
                    ? null
                    : new Origin(topic, Integer.parseInt(partition), Long.parseLong(offset));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable String text(ConsumerRecord<byte[], byte[]> record, String header) {
        Header found = record.headers().lastHeader(header);
        return found == null || found.value() == null ? null : abbreviated(DeadLetter.text(found.value()));
    }

    private static String abbreviated(String text) {
        return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX) + "…";
    }

    private static byte[] abbreviated(byte[] name) {
        return abbreviated(DeadLetter.text(name)).getBytes(StandardCharsets.UTF_8);
    }
}
