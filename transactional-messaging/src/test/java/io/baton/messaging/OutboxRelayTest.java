package io.baton.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.OrderId;
import io.baton.embedded.PostgresServer.Database;
import io.baton.messaging.Counting.Noted;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of the outbox's rows. On a real PostgreSQL, with a broker that the test plays. */
class OutboxRelayTest {

    private static Database database;
    private BatchHarness harness;
    private MockProducer<byte[], byte[]> broker;
    private OutboxRelay relay;
    private Thread thread;

    @BeforeAll
    static void create() {
        database = Servers.newDatabase();
    }

    @BeforeEach
    void start() {
        harness = new BatchHarness(database);
        broker = new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        relay = relay(broker);
        thread = Thread.ofPlatform().unstarted(() -> relay.run());
    }

    @AfterEach
    void close() throws InterruptedException {
        relay.stop();
        thread.join();
        harness.close();
    }

    private OutboxRelay relay(MockProducer<byte[], byte[]> producer) {
        return relay(producer, new OutboxBacklog(new SimpleMeterRegistry()));
    }

    private OutboxRelay relay(MockProducer<byte[], byte[]> producer, OutboxBacklog backlog) {
        return new OutboxRelay(
                harness.outboxRows,
                new MessageSender(() -> producer, CrashPoints.NONE),
                harness.transactions,
                Duration.ofSeconds(10),
                backlog);
    }

    @Test
    void what_is_committed_is_sent_at_once_and_its_row_deleted() {
        thread.start();
        relay.accept(row(), messages());

        await().until(() -> broker.history().size() == 1);
        await().until(() -> harness.rows("messaging.outbox") == 0);
        assertThat(broker.history()).hasSize(1);
    }

    @Test
    void how_long_the_broker_takes_is_told() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        relay = relay(broker, new OutboxBacklog(registry));
        thread.start();
        relay.accept(row(), messages());

        await().until(() -> harness.rows("messaging.outbox") == 0);
        assertThat(registry.get("outbox.publish").timer().count()).isEqualTo(1);
    }

    @Test
    void a_row_that_is_young_is_left_to_the_process_that_wrote_it() {
        long young = row();
        row();
        harness.jdbc.update(
                "UPDATE messaging.outbox SET created_at = now() - interval '11 seconds' WHERE id <> ?", young);
        thread.start();

        await().until(() -> harness.rows("messaging.outbox") == 1);
        assertThat(harness.rows("messaging.outbox WHERE id = " + young)).isEqualTo(1);
        assertThat(broker.history()).hasSize(1);
    }

    @Test
    void what_a_predecessor_left_is_sent_before_anything_new_although_it_is_young() {
        harness.jdbc.update(
                "INSERT INTO messaging.outbox (created_at, records) VALUES (now() - interval '2 seconds', ?)",
                (Object) EncodedMessage.pack(List.of(new EncodedMessage("left", null, List.of(), null))));
        relay.accept(row(), messages());
        thread.start();

        await().until(() -> harness.rows("messaging.outbox") == 0);
        assertThat(broker.history()).hasSize(2);
        assertThat(broker.history().getFirst().topic()).isEqualTo("left");
    }

    @Test
    void rows_that_a_long_outage_left_are_sent_without_a_pause_between_them() {
        byte[] records = EncodedMessage.pack(messages());
        harness.jdbc.update(
                "INSERT INTO messaging.outbox (created_at, records) "
                        + "SELECT now() - interval '1 minute', ? FROM generate_series(1, 1000)",
                records);
        thread.start();

        await().atMost(Duration.ofSeconds(8)).until(() -> harness.rows("messaging.outbox") == 0);
        assertThat(broker.history()).hasSize(1_000);
    }

    @Test
    void a_row_stays_until_the_broker_has_it() {
        MockProducer<byte[], byte[]> away =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        away.sendException = new TimeoutException("no broker");
        relay = relay(away);
        long id = row();
        thread.start();
        relay.accept(id, messages());
        await().during(Duration.ofMillis(500)).until(() -> harness.rows("messaging.outbox") == 1);

        away.sendException = null;
        harness.jdbc.update("UPDATE messaging.outbox SET created_at = now() - interval '11 seconds'");

        await().until(() -> harness.rows("messaging.outbox") == 0);
        assertThat(away.history()).hasSize(1);
    }

    @Test
    void what_waits_is_counted_also_while_nothing_can_be_sent() {
        MockProducer<byte[], byte[]> away =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        away.sendException = new TimeoutException("no broker");
        OutboxBacklog backlog = new OutboxBacklog(new SimpleMeterRegistry());
        relay = relay(away, backlog);
        row();
        harness.jdbc.update("UPDATE messaging.outbox SET created_at = now() - interval '2 minutes'");
        thread.start();

        await().until(() -> backlog.latest().pending() == 1);
        assertThat(backlog.latest().oldestAge()).isGreaterThan(Duration.ofSeconds(60));
        away.sendException = null;
    }

    @Test
    void rows_that_the_broker_refuses_for_good_stay_and_do_not_hold_up_the_others() {
        MockProducer<byte[], byte[]> picky =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public synchronized Future<RecordMetadata> send(
                            ProducerRecord<byte[], byte[]> record, Callback callback) {
                        if (record.topic().equals("huge")) {
                            RecordTooLargeException refusal = new RecordTooLargeException("too large");
                            callback.onCompletion(null, refusal);
                            return CompletableFuture.failedFuture(refusal);
                        }
                        return super.send(record, callback);
                    }
                };
        relay = relay(picky);
        byte[] refused = EncodedMessage.pack(List.of(new EncodedMessage("huge", null, List.of(), null)));
        for (byte[] records : List.of(refused, EncodedMessage.pack(messages()))) {
            harness.jdbc.update(
                    "INSERT INTO messaging.outbox (created_at, records) "
                            + "SELECT now() - interval '1 minute', ? FROM generate_series(1, 60)",
                    records);
        }
        thread.start();

        await().until(() -> harness.rows("messaging.outbox") == 60);
        assertThat(picky.history()).as("each once").hasSize(60);
        assertThat(harness.rows("messaging.outbox WHERE refused_at IS NOT NULL")).isEqualTo(60);

        harness.jdbc.update(
                "UPDATE messaging.outbox SET records = ?, refused_at = refused_at - interval '6 minutes'",
                EncodedMessage.pack(messages()));
        await("they are tried again").until(() -> harness.rows("messaging.outbox") == 0);
    }

    @Test
    void an_error_does_not_end_it() {
        MockProducer<byte[], byte[]> broken =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    private boolean failed;

                    @Override
                    public synchronized Future<RecordMetadata> send(
                            ProducerRecord<byte[], byte[]> record, Callback callback) {
                        if (!failed) {
                            failed = true;
                            throw new OutOfMemoryError("as if");
                        }
                        return super.send(record, callback);
                    }
                };
        relay = relay(broken);
        thread.start();
        relay.accept(row(), messages());
        relay.accept(row(), messages());
        harness.jdbc.update("UPDATE messaging.outbox SET created_at = now() - interval '11 seconds'");

        await().until(() -> harness.rows("messaging.outbox") == 0);
    }

    @Test
    void large_rows_are_taken_into_memory_a_few_at_a_time() {
        byte[] records = EncodedMessage.pack(List.of(new EncodedMessage("topic", null, List.of(), new byte[1_000_000])));
        harness.jdbc.update(
                "INSERT INTO messaging.outbox (created_at, records) "
                        + "SELECT now() - interval '1 minute', ? FROM generate_series(1, 20)",
                records);

        int taken = harness.transactions.execute(
                status -> harness.outboxRows.lockLeft(Duration.ofSeconds(10), 50)).size();

        assertThat(taken).isBetween(3, 5);
        thread.start();
        await().until(() -> harness.rows("messaging.outbox") == 0);
        assertThat(broker.history()).hasSize(20);
    }

    @Test
    void a_row_larger_than_all_that_is_taken_at_once_is_sent_too() {
        harness.jdbc.update(
                "INSERT INTO messaging.outbox (created_at, records) VALUES (now() - interval '1 minute', ?)",
                EncodedMessage.pack(Collections.nCopies(
                        6, new EncodedMessage("topic", null, List.of(), new byte[1_000_000]))));
        thread.start();

        await().until(() -> harness.rows("messaging.outbox") == 0);
        assertThat(broker.history()).hasSize(6);
    }

    @Test
    void a_relay_that_is_stopped_sends_what_it_was_given_and_clears_it() throws InterruptedException {
        relay.accept(row(), messages());
        relay.stop();
        thread.start();
        thread.join();

        assertThat(broker.history()).hasSize(1);
        assertThat(harness.rows("messaging.outbox")).isZero();
    }

    @Test
    void what_would_fill_the_memory_while_the_broker_is_slow_is_left_to_the_sweep() throws InterruptedException {
        List<EncodedMessage> many = Collections.nCopies(OutboxRelay.WAITING_MESSAGES_MAX - 1, messages().getFirst());
        relay.accept(row(), many);
        relay.accept(row(), many);
        relay.accept(row(), messages());
        relay.stop();
        thread.start();
        thread.join();
        assertThat(broker.history()).hasSize(OutboxRelay.WAITING_MESSAGES_MAX);
        assertThat(harness.rows("messaging.outbox")).isEqualTo(1);

        harness.jdbc.update("UPDATE messaging.outbox SET created_at = now() - interval '11 seconds'");
        relay.start();
        thread = Thread.ofPlatform().start(relay);
        await().until(() -> harness.rows("messaging.outbox") == 0);
        relay.accept(row(), many);
        await("room again for as many as before").until(() -> harness.rows("messaging.outbox") == 0);
    }

    private List<EncodedMessage> messages() {
        return List.of(harness.codec.encode(
                new OutgoingMessage(BatchHarness.EVENTS, "key", "id", new Noted(new OrderId(1), 1)), null));
    }

    private long row() {
        return harness.outboxRows.insert(EncodedMessage.pack(messages()));
    }
}
