package io.baton.lab.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.Contract;
import io.baton.contract.MessageHeaders;
import io.baton.contract.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A record that nobody can read is put aside once, with its origin and its bytes, and the partition moves on. */
class PoisonRecordsIT {

    private final RunningStack stack = RunningStack.shared();
    private final Shop shop = new Shop(stack, "poison").open(1_000, "100000.00");

    /** Every topic that a service reads: what lies among the dead letters is read by people. */
    static Stream<String> topics() {
        Set<String> topics = new TreeSet<>();
        Contract.MESSAGES.forEach(type -> topics.addAll(type.topics()));
        topics.remove(Topics.SAGA_DEAD_LETTERS);
        return topics.stream();
    }

    @ParameterizedTest
    @MethodSource("topics")
    void a_poison_record_is_put_aside_once_and_the_partition_moves_on(String topic) throws Exception {
        byte[] key = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
        byte[] poison = ("{\"broken\": " + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
        List<RecordMetadata> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(clients(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int partition = 0; partition < producer.partitionsFor(topic).size(); partition++) {
                ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, partition, key, poison);
                record.headers().add(MessageHeaders.TYPE, "payment.ChargePayment".getBytes(StandardCharsets.UTF_8));
                sent.add(producer.send(record).get());
            }
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> deadLetters(topic, poison).size() == sent.size());
        // An order goes over every partition's successor records and ends.
        List<String> orders = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            orders.add(shop.place(shop.order(1, "DE")));
        }
        orders.forEach(order -> await().atMost(Duration.ofSeconds(20)).until(() -> shop.hasEnded(order)));
        List<ConsumerRecord<byte[], byte[]>> letters = deadLetters(topic, poison);
        assertThat(letters).hasSameSizeAs(sent);
        for (RecordMetadata origin : sent) {
            assertThat(letters).anySatisfy(letter -> {
                assertThat(header(letter, MessageHeaders.DLT_TOPIC)).isEqualTo(topic);
                assertThat(header(letter, MessageHeaders.DLT_PARTITION)).isEqualTo("" + origin.partition());
                assertThat(header(letter, MessageHeaders.DLT_OFFSET)).isEqualTo("" + origin.offset());
                assertThat(header(letter, MessageHeaders.DLT_EXCEPTION_MESSAGE)).isNotBlank();
                assertThat(letter.value()).isEqualTo(poison);
                assertThat(letter.key()).isEqualTo(key);
            });
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> deadLetters(String topic, byte[] value) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(clients(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic + Topics.DEAD_LETTER_SUFFIX).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (Arrays.equals(record.value(), value)) {
                        found.add(record);
                    }
                });
            }
        }
        return found;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private Map<String, Object> clients() {
        return new HashMap<>(Map.of("bootstrap.servers", stack.bootstrapServers()));
    }
}
