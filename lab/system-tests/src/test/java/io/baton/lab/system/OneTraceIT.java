package io.baton.lab.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.MessageHeaders;
import io.baton.contract.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

/** One W3C trace goes from the request to the last reply, through every message of the order. */
class OneTraceIT {

    private final RunningStack stack = RunningStack.shared();
    private final Shop shop = new Shop(stack, "trace").open(1_000, "100000.00");

    @Test
    void every_message_of_an_order_bears_the_trace_of_its_request() {
        String trace = UUID.randomUUID().toString().replace("-", "");
        String traceParent = "00-" + trace + "-00f067aa0ba902b7-01";
        String answer = stack.post(
                        stack.url("order-service") + "/orders", shop.order(1, "DE"), "traceparent", traceParent)
                .body();
        String order = RunningStack.JSON.readTree(answer).get("orderId").asString();
        await().atMost(Duration.ofSeconds(20)).until(() -> shop.hasEnded(order));
        // One wish, four commands, four replies, one event.
        await().atMost(Duration.ofSeconds(10)).until(() -> messages(order).size() == 10);
        assertThat(messages(order)).allSatisfy(record -> {
            Header header = record.headers().lastHeader(MessageHeaders.TRACE_PARENT);
            assertThat(header).as("traceparent on " + record.topic()).isNotNull();
            assertThat(new String(header.value(), StandardCharsets.UTF_8)).startsWith("00-" + trace + "-");
        });
    }

    private List<ConsumerRecord<byte[], byte[]>> messages(String order) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", stack.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = Stream.of(
                            Topics.SAGA_REQUESTS,
                            Topics.SAGA_REPLIES,
                            Topics.ORDER_COMMANDS,
                            Topics.PAYMENT_COMMANDS,
                            Topics.INVENTORY_COMMANDS,
                            Topics.DELIVERY_COMMANDS,
                            Topics.ORDER_EVENTS)
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
            partitions.forEach(partition -> consumer.seek(
                    partition, Math.max(beginnings.get(partition), ends.get(partition) - 200)));
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (record.key() != null && order.equals(new String(record.key(), StandardCharsets.UTF_8))) {
                        found.add(record);
                    }
                });
            }
        }
        return found;
    }
}
