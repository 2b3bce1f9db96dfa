package io.baton.messaging;

import static io.baton.messaging.BatchHarness.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.OrderId;
import io.baton.embedded.PostgresServer.Database;
import io.baton.messaging.BatchTransaction.Committed;
import io.baton.messaging.BatchTransaction.Expected;
import io.baton.messaging.Counting.Count;
import io.baton.messaging.Counting.Counted;
import io.baton.messaging.Counting.Noted;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In which order the handlers of one batch lock what they need. On a real PostgreSQL. */
class BatchLockOrderTest {

    private static Database database;
    private final AtomicInteger locking = new AtomicInteger();
    private BatchHarness harness;

    @BeforeAll
    static void create() {
        database = Servers.newDatabase();
    }

    @BeforeEach
    void start() {
        harness = new BatchHarness(database);
        harness.jdbc.update("INSERT INTO heard VALUES (1, 0), (2, 0)");
    }

    @AfterEach
    void close() {
        harness.close();
    }

    /** As two instances of a service that keeps stock: commands reserve one product, events ship another. */
    @Test
    void two_batches_whose_commands_and_events_cross_do_not_deadlock() {
        Participant one = new Participant(0, 1, 2);
        Participant other = new Participant(1, 2, 1);

        var ones = CompletableFuture.supplyAsync(one::handle, Thread::startVirtualThread);
        var others = CompletableFuture.supplyAsync(other::handle, Thread::startVirtualThread);

        assertThat(ones.join()).hasSize(1);
        assertThat(others.join()).hasSize(1);
        assertThat(harness.rows("heard WHERE n = 4")).as("both did all their work").isEqualTo(2);
    }

    /** Its handlers, of commands and of events, lock rows of one table: announced in prepare, locked at the first use. */
    private final class Participant {

        private final TreeSet<Integer> announced = new TreeSet<>();

        private final List<ConsumerRecord<byte[], byte[]>> records;
        private final Map<TopicPartition, Expected> expected = new HashMap<>();

        Participant(int partition, int commanded, int noted) {
            records = List.of(
                    harness.record(partition, BatchHarness.count(commanded, 1)),
                    harness.record(partition, new OutgoingMessage(
                            EVENTS, "key", "id", new Noted(new OrderId(noted), noted))));
            for (ConsumerRecord<byte[], byte[]> record : records) {
                TopicPartition from = new TopicPartition(record.topic(), record.partition());
                harness.load(from);
                expected.put(from, new Expected(0, "topic-id"));
            }
        }

        List<Committed> handle() {
            CommandReceiver commands = new CommandReceiver(
                    List.of(new Counts()),
                    new Outcomes(harness.jdbc),
                    new Replies(harness.codec),
                    harness.codec,
                    new MessagingMeters(new SimpleMeterRegistry()));
            EventReceiver events = new EventReceiver(List.of(new Notes()), harness.codec, "saga.replies");
            BatchTransaction batches = new BatchTransaction(
                    harness.transactions,
                    harness.positions,
                    harness.codec,
                    new MessageTraces(null),
                    List.of(commands, events),
                    CrashPoints.NONE);
            List<Committed> committed = new ArrayList<>();
            batches.handle(records, expected, committed::add);
            return committed;
        }

        private void use(int number) {
            if (announced.contains(number)) {
                Integer[] rows = announced.toArray(Integer[]::new);
                announced.clear();
                harness.jdbc.query(
                        "SELECT n FROM heard WHERE saga_id = ANY (?) ORDER BY saga_id FOR UPDATE",
                        row -> {},
                        (Object) rows);
                // Goes on when the other one has locked something too, or waits for what is locked here.
                locking.incrementAndGet();
                await().until(() -> locking.get() > 1
                        || harness.rows("pg_stat_activity WHERE wait_event_type = 'Lock'") > 0);
            }
            harness.jdbc.update("UPDATE heard SET n = n + 2 WHERE saga_id = ?", number);
        }

        private final class Counts implements CommandHandler<Count> {

            @Override
            public Class<Count> commandType() {
                return Count.class;
            }

            @Override
            public void prepare(List<Count> commands) {
                commands.forEach(command -> announced.add(command.number()));
            }

            @Override
            public Answer handle(Count command, CommandContext context) {
                use(command.number());
                return Answer.done(new Counted(command.orderId(), command.number()));
            }
        }

        private final class Notes implements EventHandler<Noted> {

            @Override
            public Class<Noted> eventType() {
                return Noted.class;
            }

            @Override
            public void prepare(List<Noted> events) {
                events.forEach(event -> announced.add(event.number()));
            }

            @Override
            public void handle(Noted event) {
                use(event.number());
            }
        }
    }
}
