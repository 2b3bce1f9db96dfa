package io.baton.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.baton.contract.OrderId;
import io.baton.embedded.PostgresServer.Database;
import io.baton.messaging.Counting.Noted;
import io.baton.messaging.Positions.Advance;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a partition is taken over, where the moment matters more than a real broker. On a real PostgreSQL. */
class MessageConsumerTest {

    private static final TopicPartition PARTITION = new TopicPartition("elsewhere.commands", 0);

    private static Database database;
    private BatchHarness harness;
    private MockProducer<byte[], byte[]> said;

    @BeforeAll
    static void create() {
        database = Servers.newDatabase();
    }

    @BeforeEach
    void start() {
        harness = new BatchHarness(database);
        said = new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void the_last_output_is_said_again_before_a_partition_is_read_on() {
        store(5, output());
        MockConsumer<byte[], byte[]> kafka = new MockConsumer<>("none");

        run(kafka);

        assertThat(said.history()).extracting(ProducerRecord::topic).containsExactly(BatchHarness.EVENTS);
        assertThat(stored().nextOffset()).isEqualTo(5);
    }

    @Test
    void a_dead_letter_that_an_earlier_version_stored_too_large_is_said_again_cut() {
        store(5, EncodedMessage.pack(List.of(
                new EncodedMessage(PARTITION.topic() + "-dlt", null, List.of(), new byte[5 * 1024 * 1024]))));

        run(new MockConsumer<>("none"));

        assertThat(said.history()).singleElement().satisfies(letter -> {
            assertThat(letter.value()).hasSizeLessThan(1_000_000);
            assertThat(letter.headers().lastHeader("kafka_dlt-cut-from").value()).asString().isEqualTo("5242880");
        });
    }

    @Test
    void a_partition_that_gets_another_owner_while_it_is_loaded_is_not_moved_back() {
        byte[] output = output();
        boolean[] passed = {false};
        MockConsumer<byte[], byte[]> kafka = new MockConsumer<>("none") {
            @Override
            public synchronized Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
                if (!passed[0]) {
                    passed[0] = true;
                    // The row was read a moment ago and said that nobody has ever read this partition.
                    store(5, output);
                }
                return super.beginningOffsets(partitions);
            }
        };

        run(kafka);

        assertThat(passed[0]).isTrue();
        assertThat(stored().nextOffset()).isEqualTo(5);
        assertThat(said.history()).as("the other owner's output is safe").hasSize(1);
    }

    @Test
    void a_row_behind_what_the_broker_still_has_goes_on_from_there() {
        store(5, null);
        MockConsumer<byte[], byte[]> kafka = new MockConsumer<>("none");
        kafka.updateBeginningOffsets(Map.of(PARTITION, 8L));

        run(kafka, 8);

        assertThat(stored().nextOffset()).isEqualTo(8);
    }

    /** By default it waits 30 s for a broker that is away, longer than a platform waits for a process to end. */
    @Test
    void a_consumer_is_closed_within_seconds() {
        List<Duration> limits = new ArrayList<>();
        MockConsumer<byte[], byte[]> kafka = new MockConsumer<>("none") {
            @Override
            public synchronized void close(CloseOptions options) {
                limits.add(options.timeout().orElse(Duration.ofSeconds(30)));
                super.close(options);
            }
        };

        run(kafka);

        assertThat(kafka.closed()).isTrue();
        assertThat(limits).singleElement().satisfies(limit -> assertThat(limit).isLessThan(Duration.ofSeconds(5)));
    }

    @Test
    void what_an_error_kept_from_being_sent_stays_for_the_next_owner() {
        store(5, null);
        MockConsumer<byte[], byte[]> kafka = new MockConsumer<>("none") {
            @Override
            public synchronized void close(CloseOptions options) {
                rebalance(List.of());
                super.close(options);
            }
        };
        MockProducer<byte[], byte[]> broken =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public synchronized Future<RecordMetadata> send(
                            ProducerRecord<byte[], byte[]> record, Callback callback) {
                        throw new OutOfMemoryError("as if");
                    }
                };
        MockProducer<byte[], byte[]> working = said;
        said = broken;

        assertThatExceptionOfType(OutOfMemoryError.class)
                .isThrownBy(() -> run(kafka, 0, new ConsumerRecord<>(PARTITION.topic(), 0, 5, null, new byte[] {1})));

        assertThat(stored().nextOffset()).isEqualTo(6);
        assertThat(stored().output()).as("its dead letter").isNotNull();
        said = working;
        run(new MockConsumer<>("none"));
        assertThat(said.history()).extracting(ProducerRecord::topic).containsExactly(PARTITION.topic() + "-dlt");
    }

    private void run(MockConsumer<byte[], byte[]> kafka) {
        run(kafka, 0);
    }

    /** Assigns the partition, gives the consumer a few rounds to load and read it, and stops it. */
    @SafeVarargs
    private void run(MockConsumer<byte[], byte[]> kafka, long beginning, ConsumerRecord<byte[], byte[]>... records) {
        kafka.updateBeginningOffsets(Map.of(PARTITION, beginning));
        kafka.updateEndOffsets(Map.of(PARTITION, 10L));
        TopicSetup topics = mock(TopicSetup.class);
        when(topics.ids(anyCollection())).thenReturn(Map.of(PARTITION.topic(), "id"));
        MessageConsumer consumer = new MessageConsumer(
                kafka,
                topics,
                Set.of(PARTITION.topic()),
                new BatchTransaction(
                        harness.transactions,
                        harness.positions,
                        harness.codec,
                        new MessageTraces(null),
                        List.of(),
                        CrashPoints.NONE),
                harness.positions,
                harness.transactions,
                new MessageSender(() -> said, CrashPoints.NONE),
                new MessagingMeters(new SimpleMeterRegistry()),
                CrashPoints.NONE,
                Duration.ofMillis(10));
        kafka.schedulePollTask(() -> kafka.rebalance(List.of(PARTITION)));
        for (int round = 0; round < 3; round++) {
            kafka.schedulePollTask(() -> {});
        }
        for (ConsumerRecord<byte[], byte[]> record : records) {
            kafka.schedulePollTask(() -> kafka.addRecord(record));
        }
        kafka.schedulePollTask(consumer::stop);
        consumer.run();
    }

    private byte[] output() {
        return EncodedMessage.pack(List.of(harness.codec.encode(
                new OutgoingMessage(BatchHarness.EVENTS, "key", "id", new Noted(new OrderId(1), 1)), null)));
    }

    private void store(long offset, byte[] output) {
        harness.transactions.executeWithoutResult(status -> {
            harness.positions.load(Map.of(PARTITION, "id"));
            harness.positions.save(List.of(new Advance(PARTITION, offset, "id", output)));
        });
    }

    private Positions.Stored stored() {
        return harness.transactions
                .execute(status -> harness.positions.load(Map.of(PARTITION, "id")))
                .get(PARTITION);
    }
}
