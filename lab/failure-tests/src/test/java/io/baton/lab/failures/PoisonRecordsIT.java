package io.baton.lab.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.Contract;
import io.baton.contract.MessageHeaders;
import io.baton.contract.Topics;
import io.baton.lab.running.Records;
import io.baton.lab.running.RunningStack;
import io.baton.lab.running.Shop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;

/** A record that nobody can read is put aside once, with its origin and its bytes, and the partition moves on. */
class PoisonRecordsIT {

    private final RunningStack stack = RunningStack.shared();
    private final Shop shop = new Shop(stack, "poison").open(1_000, "100000.00");
    private final byte[] key = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
    private final byte[] poison =
            ("{\"broken\": " + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);

    @Test
    void a_poison_record_in_every_partition_is_put_aside_once_and_the_partitions_move_on() throws Exception {
        Set<String> topics = topics();
        Records deadLetters = Records.fromNowOn(
                stack, topics.stream().map(topic -> topic + Topics.DEAD_LETTER_SUFFIX).toList());
        List<RecordMetadata> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = Records.producer(stack)) {
            for (String topic : topics) {
                for (int partition = 0; partition < producer.partitionsFor(topic).size(); partition++) {
                    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, partition, key, poison);
                    record.headers()
                            .add(MessageHeaders.TYPE, "payment.ChargePayment".getBytes(StandardCharsets.UTF_8));
                    sent.add(producer.send(record).get());
                }
            }
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> poisonAmong(deadLetters).size() >= sent.size());
        // Orders go over every partition's successor records and end.
        List<String> orders = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            orders.add(shop.place(shop.order(1, "DE")));
        }
        orders.forEach(order -> await().atMost(Duration.ofSeconds(20)).until(() -> shop.hasEnded(order)));

        List<ConsumerRecord<byte[], byte[]>> letters = poisonAmong(deadLetters);
        assertThat(letters).hasSameSizeAs(sent);
        for (RecordMetadata origin : sent) {
            assertThat(letters).as("the dead letter of %s", origin).anySatisfy(letter -> {
                assertThat(letter.topic()).isEqualTo(origin.topic() + Topics.DEAD_LETTER_SUFFIX);
                assertThat(Records.header(letter, MessageHeaders.DLT_TOPIC)).isEqualTo(origin.topic());
                assertThat(Records.header(letter, MessageHeaders.DLT_PARTITION)).isEqualTo("" + origin.partition());
                assertThat(Records.header(letter, MessageHeaders.DLT_OFFSET)).isEqualTo("" + origin.offset());
                assertThat(Records.header(letter, MessageHeaders.DLT_EXCEPTION_MESSAGE)).isNotBlank();
                assertThat(letter.key()).isEqualTo(key);
            });
        }
    }

    /** Every topic that a service reads: what lies among the dead letters is read by people. */
    private static Set<String> topics() {
        Set<String> topics = new TreeSet<>();
        Contract.MESSAGES.forEach(type -> topics.addAll(type.topics()));
        topics.remove(Topics.SAGA_DEAD_LETTERS);
        return topics;
    }

    private List<ConsumerRecord<byte[], byte[]>> poisonAmong(Records deadLetters) {
        return deadLetters.read().stream()
                .filter(letter -> Arrays.equals(letter.value(), poison))
                .toList();
    }
}
