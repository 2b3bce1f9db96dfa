package io.baton.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.baton.contract.MessageHeaders;
import io.baton.contract.MessageType;
import io.baton.contract.Topics;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns messages into records and back: JSON in the value, CloudEvents attributes in the headers (binary mode). Fields
 * that a reader does not know are ignored; a type that the contract does not have is refused, and so is a body without
 * something that its record requires.
 */
final class MessageCodec {

    /** A record's body may have this many bytes at most, well under the broker's default limit of a record. */
    static final int BODY_BYTES_MAX = 900_000;

    private static final Header SPEC_VERSION = new RecordHeader(MessageHeaders.SPEC_VERSION, "1.0".getBytes(UTF_8));
    private static final Header CONTENT_TYPE =
            new RecordHeader(MessageHeaders.CONTENT_TYPE, "application/json".getBytes(UTF_8));

    private final Map<String, Known> byName = new HashMap<>();
    private final Map<Class<?>, Known> byBody = new HashMap<>();
    private final Header source;
    private final Clock clock;

    private record Known(MessageType type, byte[] name, ObjectReader reader, ObjectWriter writer) {}

    MessageCodec(List<MessageType> types, String source, Clock clock) {
        JsonMapper mapper = JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .annotationIntrospector(new RequiredComponents())
                .build();
        for (MessageType type : types) {
            Known known = new Known(
                    type, type.name().getBytes(UTF_8), mapper.readerFor(type.body()), mapper.writerFor(type.body()));
            if (byName.put(type.name(), known) != null || byBody.put(type.body(), known) != null) {
                throw new IllegalStateException("Expected each message type once but found twice: " + type.name());
            }
        }
        this.source = new RecordHeader(MessageHeaders.SOURCE, ("/" + source).getBytes(UTF_8));
        this.clock = clock;
    }

    /** The contract's entry for a record class. */
    MessageType typeOf(Class<?> body) {
        return known(body).type;
    }

    byte[] encodeBody(Record body) {
        byte[] bytes = known(body.getClass()).writer.writeValueAsBytes(body);
        if (bytes.length > BODY_BYTES_MAX) {
            throw new IllegalArgumentException("Expected a body of at most " + BODY_BYTES_MAX + " bytes but "
                    + body.getClass().getSimpleName() + " has " + bytes.length);
        }
        return bytes;
    }

    /** @throws IllegalArgumentException if the contract does not allow the message on its topic */
    EncodedMessage encode(OutgoingMessage message, @Nullable String traceParent) {
        MessageType type = known(message.body().getClass()).type;
        if (!type.topics().contains(message.topic())) {
            throw new IllegalArgumentException("Expected " + type.name() + " on " + type.topics() + " but was given "
                    + message.topic());
        }
        return encode(
                message.topic(),
                message.key(),
                message.id(),
                type.name(),
                encodeBody(message.body()),
                message.headers(),
                traceParent);
    }

    /** The same for a body that is bytes already. */
    EncodedMessage encode(
            String topic,
            String key,
            String id,
            String typeName,
            byte[] body,
            Map<String, String> further,
            @Nullable String traceParent) {
        Known known = byName.get(typeName);
        byte[] name = known == null ? typeName.getBytes(UTF_8) : known.name;
        byte[] keyBytes = key.getBytes(UTF_8);
        List<Header> headers = new ArrayList<>(8 + further.size());
        headers.add(SPEC_VERSION);
        headers.add(new RecordHeader(MessageHeaders.ID, id.getBytes(UTF_8)));
        headers.add(source);
        headers.add(new RecordHeader(MessageHeaders.TYPE, name));
        headers.add(new RecordHeader(MessageHeaders.SUBJECT, keyBytes));
        headers.add(new RecordHeader(
                MessageHeaders.TIME,
                clock.instant().truncatedTo(ChronoUnit.MILLIS).toString().getBytes(UTF_8)));
        headers.add(CONTENT_TYPE);
        further.forEach((header, value) -> headers.add(new RecordHeader(header, value.getBytes(UTF_8))));
        if (traceParent != null && !further.containsKey(MessageHeaders.TRACE_PARENT)) {
            headers.add(new RecordHeader(MessageHeaders.TRACE_PARENT, traceParent.getBytes(UTF_8)));
        }
        return new EncodedMessage(topic, keyBytes, headers, body);
    }

    /** @throws MalformedMessageException if the record is not what the contract allows on its topic */
    IncomingMessage decode(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = headers(record);
        String typeName = headers.get(MessageHeaders.TYPE);
        if (typeName == null) {
            throw new MalformedMessageException("Expected a header " + MessageHeaders.TYPE + " but there is none");
        }
        Known known = byName.get(typeName);
        if (known == null || !known.type.topics().contains(record.topic())) {
            throw new MalformedMessageException("Expected a type that the contract allows on " + record.topic()
                    + " but the header " + MessageHeaders.TYPE + " says " + abbreviate(typeName));
        }
        if (record.key() == null || record.key().length == 0) {
            throw new MalformedMessageException("Expected a key but the record has none");
        }
        if (record.value() == null) {
            throw new MalformedMessageException("Expected a body but the record has none");
        }
        String key = new String(record.key(), UTF_8);
        IncomingMessage message = new IncomingMessage(
                record.topic(), record.partition(), record.offset(), key, known.type, headers, body(known, record));
        if (!key.equals(message.header(MessageHeaders.SUBJECT))) {
            throw new MalformedMessageException("Expected the header " + MessageHeaders.SUBJECT
                    + " to equal the record's key but they differ");
        }
        message.id();
        return message;
    }

    /** What can be said of a record that is put aside, whatever is wrong with it. */
    static ParkedRecord parked(ConsumerRecord<byte[], byte[]> record, String reason) {
        String key = record.key() == null ? null : new String(record.key(), UTF_8);
        return new ParkedRecord(record.topic(), record.partition(), record.offset(), key, headers(record), reason);
    }

    private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : record.headers()) {
            if (header.value() != null) {
                headers.put(header.key(), new String(header.value(), UTF_8));
            }
        }
        return headers;
    }

    private static Record body(Known known, ConsumerRecord<byte[], byte[]> record) {
        try {
            Record body = known.reader.readValue(record.value());
            if (body == null) {
                throw new MalformedMessageException("Expected a JSON object of type " + known.type.name()
                        + " but the body is null");
            }
            return body;
        } catch (InvalidNullException e) {
            throw new MalformedMessageException(
                    "Expected a JSON object of type " + known.type.name() + " but it has no " + path(e), e);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new MalformedMessageException("Expected a JSON object of type " + known.type.name()
                    + " but the body cannot be read", e);
        }
    }

    /** Where the missing value should have been, as {@code lines[0].sku}: names of the contract, never a value. */
    private static String path(InvalidNullException missing) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : missing.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return path.toString();
    }

    /**
     * The record as a dead letter: key, value and headers as they came, if they fit, and where they came from. The
     * reason must hold no personal data.
     */
    static EncodedMessage deadLetter(ConsumerRecord<byte[], byte[]> record, String exceptionClass, String reason) {
        List<Header> headers = new ArrayList<>();
        record.headers().forEach(headers::add);
        headers.add(new RecordHeader(MessageHeaders.DLT_TOPIC, record.topic().getBytes(UTF_8)));
        headers.add(new RecordHeader(
                MessageHeaders.DLT_PARTITION, Integer.toString(record.partition()).getBytes(UTF_8)));
        headers.add(new RecordHeader(
                MessageHeaders.DLT_OFFSET, Long.toString(record.offset()).getBytes(UTF_8)));
        headers.add(new RecordHeader(MessageHeaders.DLT_EXCEPTION_CLASS, exceptionClass.getBytes(UTF_8)));
        headers.add(new RecordHeader(MessageHeaders.DLT_EXCEPTION_MESSAGE, reason.getBytes(UTF_8)));
        return DeadLetterSize.fit(new EncodedMessage(
                record.topic() + Topics.DEAD_LETTER_SUFFIX, record.key(), headers, record.value()));
    }

    private Known known(Class<?> body) {
        Known known = byBody.get(body);
        if (known == null) {
            throw new IllegalArgumentException("Expected a record of the contract but got " + body.getName());
        }
        return known;
    }

    private static String abbreviate(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }
}
