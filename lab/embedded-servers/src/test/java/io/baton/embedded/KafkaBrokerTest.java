package io.baton.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaBrokerTest {

    private static KafkaBroker broker;

    @BeforeAll
    static void start() {
        broker = KafkaBroker.startTemporary();
    }

    @AfterAll
    static void close() {
        broker.close();
    }

    @Test
    void records_survive_a_stop() throws Exception {
        createTopic(broker, "stopped");
        send(broker, "stopped", "before");

        broker.stop();
        assertThat(LocalPort.isFree(broker.port())).isTrue();
        broker.start();
        send(broker, "stopped", "after");

        assertThat(readTwo(broker, "stopped", "readers-of-stopped")).containsExactly("before", "after");
    }

    @Test
    void records_survive_a_kill() throws Exception {
        createTopic(broker, "killed");
        send(broker, "killed", "before");

        broker.kill();
        assertThat(broker.isRunning()).isFalse();
        broker.start();
        send(broker, "killed", "after");

        assertThat(readTwo(broker, "killed", "readers-of-killed")).containsExactly("before", "after");
    }

    @Test
    void a_kept_directory_is_found_again_on_other_ports(@TempDir Path directory) throws Exception {
        try (KafkaBroker first = KafkaBroker.builder().directory(directory).start()) {
            createTopic(first, "kept");
            send(first, "kept", "one");
        }
        try (KafkaBroker second = KafkaBroker.builder().directory(directory).start()) {
            send(second, "kept", "two");
            assertThat(readTwo(second, "kept", "readers-of-kept")).containsExactly("one", "two");
        }
    }

    @Test
    void a_topic_does_not_appear_by_being_asked_for() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> admin.describeTopics(List.of("nobody-made-this"))
                            .allTopicNames()
                            .get(20, TimeUnit.SECONDS))
                    .withCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void a_port_that_is_taken_is_named(@TempDir Path directory) throws IOException {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThatExceptionOfType(EmbeddedServerException.class)
                    .isThrownBy(() -> KafkaBroker.builder()
                            .directory(directory)
                            .port(holder.getLocalPort())
                            .start())
                    .withMessageContaining("Port " + holder.getLocalPort());
        }
    }

    @Test
    void a_broker_that_cannot_start_says_what_its_log_says(@TempDir Path directory) {
        assertThatExceptionOfType(EmbeddedServerException.class)
                .isThrownBy(() -> KafkaBroker.builder()
                        .directory(directory)
                        .setting("num.partitions", "none")
                        .start())
                .withMessageContaining("num.partitions");
    }

    private static void createTopic(KafkaBroker broker, String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(20, TimeUnit.SECONDS);
        }
    }

    private static void send(KafkaBroker broker, String topic, String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "all"),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get(20, TimeUnit.SECONDS);
        }
    }

    /** Reads as a group, so that the group coordinator has come back too. */
    private static List<String> readTwo(KafkaBroker broker, String topic, String group) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "group.id", group,
                        "group.protocol", "consumer",
                        "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (values.size() < 2 && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    values.add(record.value());
                }
            }
        }
        return values;
    }
}
