package io.baton.lab.running;

import io.baton.contract.MessageHeaders;
import io.baton.contract.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import tools.jackson.databind.JsonNode;

/** The records of some topics as they lie at the broker, read from a moment on. */
public final class Records {

    private final RunningStack stack;
    private final Map<TopicPartition, Long> from;

    private Records(RunningStack stack, Map<TopicPartition, Long> from) {
        this.stack = stack;
        this.from = from;
    }

    /** What comes to these topics from now on. */
    public static Records fromNowOn(RunningStack stack, Collection<String> topics) {
        return new Records(stack, endOffsets(stack, topics));
    }

    /** What has come to these topics as long as the broker keeps it, and what comes. */
    public static Records fromTheStart(RunningStack stack, Collection<String> topics) {
        return new Records(
                stack,
                endOffsets(stack, topics).keySet().stream().collect(Collectors.toMap(partition -> partition, _ -> 0L)));
    }

    /** Where each partition of the topics ends now, by {@code topic-partition}. */
    public static Map<String, Long> ends(RunningStack stack, Collection<String> topics) {
        return endOffsets(stack, topics).entrySet().stream()
                .collect(Collectors.toMap(end -> end.getKey().toString(), Map.Entry::getValue));
    }

    private static Map<TopicPartition, Long> endOffsets(RunningStack stack, Collection<String> topics) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(stack)) {
            List<TopicPartition> partitions = topics.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            return Map.copyOf(consumer.endOffsets(partitions));
        }
    }

    /** All that has come by now, each partition in its order. */
    public List<ConsumerRecord<byte[], byte[]>> read() {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(stack)) {
            consumer.assign(from.keySet());
            from.forEach(consumer::seek);
            Map<TopicPartition, Long> ends = consumer.endOffsets(from.keySet());
            while (from.keySet().stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(200)).forEach(found::add);
            }
        }
        return found;
    }

    /** To be closed by who asks for it. */
    public static KafkaProducer<byte[], byte[]> producer(RunningStack stack) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", stack.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** What a participant that writes nonsense would answer to the saga's first command for the inventory. */
    public static ProducerRecord<byte[], byte[]> unreadableAnswer(JsonNode saga) {
        ProducerRecord<byte[], byte[]> answer = new ProducerRecord<>(
                Topics.SAGA_REPLIES, bytes(saga.get("orderId").asString()), bytes("{\"broken\":"));
        answer.headers()
                .add(MessageHeaders.TYPE, bytes("inventory.StockReserved"))
                .add(MessageHeaders.SAGA_ID, bytes(saga.get("sagaId").asString()))
                .add(MessageHeaders.STEP, bytes("inventory"))
                .add(MessageHeaders.DIRECTION, bytes("ACTION"))
                .add(MessageHeaders.ATTEMPT, bytes("1"));
        return answer;
    }

    /** A record's header as text; empty if it has none of that name. */
    public static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** A record's key as text; empty if it has none. */
    public static String key(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    }

    /** As keys and headers are written. */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static KafkaConsumer<byte[], byte[]> consumer(RunningStack stack) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", stack.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
