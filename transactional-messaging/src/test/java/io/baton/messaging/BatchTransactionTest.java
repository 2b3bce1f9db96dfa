package io.baton.messaging;

import static io.baton.messaging.BatchHarness.COMMANDS;
import static io.baton.messaging.BatchHarness.action;
import static io.baton.messaging.BatchHarness.compensation;
import static io.baton.messaging.BatchHarness.count;
import static io.baton.messaging.BatchHarness.summary;
import static io.baton.messaging.BatchHarness.uncount;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.baton.contract.OrderId;
import io.baton.embedded.PostgresServer.Database;
import io.baton.messaging.BatchHarness.Reply;
import io.baton.messaging.BatchTransaction.Committed;
import io.baton.messaging.Counting.Count;
import java.io.IOError;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.CannotAcquireLockException;

/** One transaction per batch, whatever happens in it. On a real PostgreSQL. */
class BatchTransactionTest {

    private static Database database;
    private BatchHarness harness;

    @BeforeAll
    static void create() {
        database = Servers.newDatabase();
    }

    @BeforeEach
    void start() {
        harness = new BatchHarness(database, 2);
    }

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void effect_outcome_position_and_output_are_written_by_one_transaction() {
        List<Reply> replies = harness.handle(count(1, 1), count(2, 1));

        assertThat(harness.storedOffset(0)).isEqualTo(2);
        assertThat(harness.jdbc.queryForList("SELECT DISTINCT xmin::text FROM messaging.position WHERE next_offset = 2 "
                        + "UNION SELECT xmin::text FROM messaging.outcome UNION SELECT xmin::text FROM effect"))
                .hasSize(1);
        assertThat(output(0)).usingRecursiveComparison().isEqualTo(replies);
        assertThat(output(1)).isEmpty();
    }

    @Test
    void the_output_of_a_batch_replaces_that_of_the_one_before() {
        harness.handle(count(1, 1), count(2, 1));
        List<Reply> second = harness.handle(count(3, 1));

        assertThat(output(0)).usingRecursiveComparison().isEqualTo(second);
    }

    @Test
    void each_partition_keeps_its_own_share_of_the_output() {
        harness.handle(List.of(
                harness.record(0, count(1, 1)), harness.record(1, count(2, 1)), harness.record(1, count(3, 1))));

        assertThat(output(0)).extracting(Reply::text).singleElement().asString().contains(":1}");
        assertThat(output(1)).hasSize(2);
        assertThat(harness.storedOffset(0)).isEqualTo(1);
        assertThat(harness.storedOffset(1)).isEqualTo(2);
    }

    @Test
    void nothing_is_left_and_nothing_said_when_the_process_dies_before_the_commit() {
        harness.crashPoints = point -> {
            if (point.equals(CrashPoints.BEFORE_COMMIT)) {
                throw new LostRaceException("as if it died here");
            }
        };

        assertThatExceptionOfType(LostRaceException.class).isThrownBy(() -> harness.handle(count(1, 1)));

        assertThat(harness.committed).isEmpty();
        assertThat(harness.storedOffset(0)).isZero();
        assertThat(harness.rows("effect")).isZero();
        assertThat(harness.rows("messaging.outcome")).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void a_poison_record_is_found_and_put_aside_and_all_others_are_handled_once(int poison) {
        harness.onCount = (count, context) -> {
            if (count.number() == poison) {
                throw new IllegalStateException("a bug, and a customer's name: Ada");
            }
            return Answer.done(BatchHarness.counted(count.number()));
        };

        List<Reply> said = harness.handle(
                count(0, 1), count(1, 1), count(2, 1), count(3, 1), count(4, 1), count(5, 1), count(6, 1));

        assertThat(summary(said))
                .containsOnlyOnce("test.Count/null/1", "saga.CommandFailed/FAILED/1")
                .hasSize(8);
        Reply told = said.stream().filter(reply -> "FAILED".equals(reply.outcome())).findFirst().orElseThrow();
        assertThat(told.text()).as("its saga hears of it").contains("DEAD_LETTERED").doesNotContain("Ada");
        Reply letter = said.stream().filter(reply -> reply.type().equals("test.Count")).findFirst().orElseThrow();
        assertThat(letter.topic()).isEqualTo(COMMANDS + "-dlt");
        assertThat(letter.body()).isEqualTo(harness.codec.encode(count(poison, 1), null).value());
        assertThat(letter.headers())
                .containsEntry("kafka_dlt-original-topic", COMMANDS)
                .containsEntry("kafka_dlt-original-partition", "0")
                .containsEntry("kafka_dlt-original-offset", Integer.toString(poison))
                .containsEntry("kafka_dlt-exception-fqcn", "java.lang.IllegalStateException")
                .containsEntry("ce_sagaid", action(poison).sagaId().toString());
        assertThat(letter.headers().get("kafka_dlt-exception-message")).doesNotContain("Ada");
        for (int saga = 0; saga < 7; saga++) {
            assertThat(harness.effects(action(saga))).isEqualTo(saga == poison ? 0 : 1);
        }
        assertThat(harness.storedOffset(0)).isEqualTo(7);
        assertThat(harness.committed.stream().mapToInt(BatchTransaction.Committed::parked).sum()).isEqualTo(1);
    }

    static List<Error> errorsOfOneRecord() {
        return List.of(
                new StackOverflowError(),
                new AssertionError("a customer's name: Ada"),
                new NoClassDefFoundError("gone"),
                new ExceptionInInitializerError("broken"),
                new IOError(new IOException("disk")));
    }

    @ParameterizedTest
    @MethodSource("errorsOfOneRecord")
    void an_error_of_one_record_is_put_aside_like_an_exception(Error error) {
        harness.onCount = (count, context) -> {
            if (count.number() == 2) {
                throw error;
            }
            return Answer.done(BatchHarness.counted(count.number()));
        };

        List<Reply> said = harness.handle(count(1, 1), count(2, 1), count(3, 1));

        assertThat(summary(said))
                .containsExactly(
                        "test.Counted/DONE/1", "test.Count/null/1", "saga.CommandFailed/FAILED/1", "test.Counted/DONE/1");
        assertThat(said.get(1).headers())
                .containsEntry("kafka_dlt-exception-fqcn", error.getClass().getName());
        assertThat(said.get(1).headers().get("kafka_dlt-exception-message")).doesNotContain("Ada");
        assertThat(harness.effects(action(2))).isZero();
        assertThat(harness.storedOffset(0)).isEqualTo(3);
    }

    @Test
    void a_virtual_machine_in_trouble_puts_nothing_aside() {
        OutOfMemoryError error = new OutOfMemoryError("as if");
        for (Throwable thrown : List.of(error, new IllegalStateException("wrapped", error))) {
            harness.onCount = (count, context) -> sneak(thrown);

            assertThatThrownBy(() -> harness.handle(List.of(
                            harness.again(0, 0, count(1, 1)), harness.record(0, count(2, 1)))))
                    .isSameAs(thrown);
        }

        assertThat(harness.calls).as("no bisecting").hasSize(2);
        assertThat(harness.committed).isEmpty();
        assertThat(harness.storedOffset(0)).isZero();
    }

    @SuppressWarnings("unchecked") // The cast to T is none: the compiler is told that nothing checked is thrown.
    private static <T extends Throwable> Answer sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void a_record_that_the_database_refuses_at_its_statement_or_at_the_commit_is_put_aside_and_its_saga_told() {
        harness.onCount = (count, context) -> {
            int number = count.number() == 2 ? -1 : count.number() == 4 ? 5_000 : 7;
            harness.jdbc.update("INSERT INTO bounded VALUES (?)", number);
            return Answer.done(BatchHarness.counted(count.number()));
        };

        List<Reply> said = harness.handle(count(1, 1), count(2, 1), count(3, 1), count(4, 1), count(5, 1));

        assertThat(summary(said))
                .as("what was said must have been committed")
                .containsExactly(
                        "test.Counted/DONE/1",
                        "test.Count/null/1",
                        "saga.CommandFailed/FAILED/1",
                        "test.Counted/DONE/1",
                        "test.Count/null/1",
                        "saga.CommandFailed/FAILED/1",
                        "test.Counted/DONE/1");
        assertThat(harness.effects(action(2))).isZero();
        assertThat(harness.effects(action(4))).isZero();
        assertThat(harness.rows("bounded")).isEqualTo(3);
    }

    @Test
    void a_failure_that_a_handler_swallows_does_not_become_an_answer() {
        harness.onCount = (count, context) -> {
            try {
                harness.jdbc.update("INSERT INTO bounded VALUES (?)", -1);
            } catch (RuntimeException swallowed) {
                return Answer.failed("BUSY", "Come again", Duration.ZERO);
            }
            return Answer.done(BatchHarness.counted(count.number()));
        };

        assertThat(summary(harness.handle(count(1, 1))))
                .containsExactly("test.Count/null/1", "saga.CommandFailed/FAILED/1");
    }

    @Test
    void two_records_that_only_disagree_with_each_other_are_both_handled() {
        List<Integer> inThisTransaction = new ArrayList<>();
        harness.onCount = (count, context) -> {
            inThisTransaction.add(count.number());
            if (inThisTransaction.contains(1) && inThisTransaction.contains(2)) {
                inThisTransaction.clear();
                throw new IllegalStateException("not both");
            }
            return Answer.done(BatchHarness.counted(count.number()));
        };
        harness.crashPoints = point -> inThisTransaction.clear();

        assertThat(summary(harness.handle(count(1, 1), count(2, 1))))
                .containsExactly("test.Counted/DONE/1", "test.Counted/DONE/1");
    }

    @Test
    void a_header_too_large_for_an_index_does_not_hold_the_partition_up() {
        StringBuilder step = new StringBuilder();
        for (int i = 0; i < 800; i++) {
            step.append(HexFormat.of().toHexDigits(Integer.hashCode(i * 0x9E3779B9)));
        }
        CommandKey huge = new CommandKey(action(2).sagaId(), step.toString(), Direction.ACTION);
        OutgoingMessage poison = Counting.command(
                COMMANDS, huge, 1, Counting.NEVER, new Count(new OrderId(2), 2));

        assertThat(summary(harness.handle(count(1, 1), poison, count(3, 1))))
                .containsExactly("test.Counted/DONE/1", "test.Count/null/1", "test.Counted/DONE/1");
    }

    @Test
    void a_header_whose_name_is_too_long_to_be_stored_does_not_hold_the_partition_up() {
        EncodedMessage good = harness.codec.encode(count(2, 1), null);
        List<Header> headers = new ArrayList<>(good.headers());
        headers.add(new RecordHeader("ä".repeat(70_000), new byte[] {1}));
        EncodedMessage poison = new EncodedMessage(COMMANDS, good.key(), headers, "{".getBytes(UTF_8));

        List<Reply> said = harness.handle(List.of(
                harness.record(0, count(1, 1)), harness.record(0, poison), harness.record(0, count(3, 1))));

        assertThat(summary(said)).containsOnlyOnce("test.Count/null/1").hasSize(4);
        assertThat(harness.storedOffset(0)).isEqualTo(3);
        Reply letter = said.stream().filter(reply -> reply.topic().equals(COMMANDS + "-dlt")).findFirst().orElseThrow();
        assertThat(letter.body()).isEqualTo("{".getBytes(UTF_8));
        assertThat(letter.headers())
                .containsKey("ä".repeat(1_000) + "…")
                .containsEntry("kafka_dlt-cut-from", "1");
    }

    @Test
    void a_character_that_the_database_cannot_store_does_not_hold_the_partition_up() {
        CommandKey nul = new CommandKey(action(2).sagaId(), "step\u0000", Direction.ACTION);
        OutgoingMessage poison = Counting.command(
                COMMANDS, nul, 1, Counting.NEVER, new Count(new OrderId(2), 2));

        assertThat(summary(harness.handle(count(1, 1), poison, count(3, 1))))
                .containsExactly("test.Counted/DONE/1", "test.Count/null/1", "test.Counted/DONE/1");
    }

    @Test
    void undecodable_records_are_put_aside_with_their_bytes_and_the_others_handled_in_one_transaction() {
        EncodedMessage good = harness.codec.encode(count(2, 1), null);
        byte[] noise = new byte[1_000_000];
        new Random(7).nextBytes(noise);
        List<ConsumerRecord<byte[], byte[]>> records = List.of(
                harness.record(0, count(1, 1)),
                harness.record(0, new EncodedMessage(COMMANDS, good.key(), good.headers(), null)),
                harness.record(0, new EncodedMessage(COMMANDS, null, List.of(), noise)),
                harness.record(0, new EncodedMessage(COMMANDS, good.key(), good.headers(), "{".getBytes(UTF_8))),
                harness.record(0, good));

        List<Reply> said = harness.handle(records);

        assertThat(harness.committed).hasSize(1);
        assertThat(harness.committed.getFirst().parked()).isEqualTo(3);
        assertThat(said).filteredOn(reply -> reply.topic().equals(COMMANDS + "-dlt")).hasSize(3);
        assertThat(said).anySatisfy(letter -> assertThat(Arrays.equals(letter.body(), noise)).isTrue());
        assertThat(Arrays.equals(
                        stored(0), EncodedMessage.pack(harness.committed.getFirst().output())))
                .isTrue();
        assertThat(harness.effects(action(1)) + harness.effects(action(2))).isEqualTo(2);
    }

    @Test
    void a_record_alone_is_tried_once_more_before_it_is_put_aside() {
        AtomicInteger tries = new AtomicInteger();
        harness.onCount = (count, context) -> {
            if (tries.incrementAndGet() == 1) {
                throw new IllegalStateException("once");
            }
            return Answer.done(BatchHarness.counted(count.number()));
        };

        assertThat(summary(harness.handle(count(1, 1)))).containsExactly("test.Counted/DONE/1");
        assertThat(harness.effects(action(1))).isEqualTo(1);
    }

    /** As when a newer version of the service is deployed beside this one, and has added a column. */
    @Test
    void a_table_that_gets_a_column_under_prepared_statements_makes_no_dead_letter() throws SQLException {
        harness.jdbc.execute("DROP TABLE IF EXISTS growing");
        harness.jdbc.execute("CREATE TABLE growing (n int)");
        harness.onCount = (count, context) -> {
            harness.jdbc.queryForList("SELECT * FROM growing WHERE n > ?", count.number());
            return Answer.done(BatchHarness.counted(count.number()));
        };
        for (int i = 1; i <= 20; i++) {
            harness.handle(count(i, 1));
        }

        try (Connection newer =
                        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                Statement statement = newer.createStatement()) {
            statement.execute("ALTER TABLE growing ADD COLUMN m int");
        }

        // The pool gives the connection up, so that it looks like a broken one; the consumer tries again from the positions.
        Throwable trouble = catchThrowable(() -> harness.handle(count(21, 1)));
        assertThat(trouble == null || InfrastructureTrouble.isCauseOf(trouble)).isTrue();
        if (trouble != null) {
            assertThat(summary(harness.handle(count(21, 1)))).containsExactly("test.Counted/DONE/1");
        }
        assertThat(harness.committed.stream().mapToInt(Committed::parked).sum()).isZero();
        assertThat(harness.effects(action(21))).isEqualTo(1);
    }

    @Test
    void trouble_of_the_database_puts_nothing_aside() {
        harness.onCount = (count, context) -> {
            throw new CannotAcquireLockException("deadlock", new SQLException("deadlock", "40P01"));
        };

        assertThatThrownBy(() -> harness.handle(count(1, 1), count(2, 1)))
                .isInstanceOf(CannotAcquireLockException.class);

        assertThat(harness.calls).as("no bisecting").hasSize(1);
        assertThat(harness.committed).isEmpty();
        assertThat(harness.storedOffset(0)).isZero();
    }

    @Test
    void a_batch_that_another_instance_has_handled_is_not_handled_again() {
        harness.transactions.executeWithoutResult(status -> {
            TopicPartition partition = new TopicPartition(COMMANDS, 0);
            harness.positions.lock(Set.of(partition));
            harness.positions.save(List.of(new Positions.Advance(partition, 5, "topic-id", null)));
        });

        assertThatExceptionOfType(LostRaceException.class).isThrownBy(() -> harness.handle(count(1, 1)));

        assertThat(harness.calls).isEmpty();
        assertThat(harness.committed).isEmpty();
    }

    @Test
    void a_compensation_that_commits_while_its_action_is_handled_makes_the_action_start_over_and_be_refused() {
        CountDownLatch handling = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        harness.onCount = (count, context) -> {
            handling.countDown();
            await(goOn);
            return Answer.done(BatchHarness.counted(count.number()));
        };
        var acting = CompletableFuture.supplyAsync(() -> harness.handle(count(1, 1)), Thread::startVirtualThread);
        await(handling);

        List<Reply> undone = harness.handle(List.of(harness.record(1, uncount(1, 1))));
        goOn.countDown();

        assertThat(summary(undone)).containsExactly("saga.NothingToUndo/DONE/1");
        assertThatThrownBy(acting::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(LostRaceException.class);
        assertThat(harness.storedOffset(0)).isZero();
        assertThat(summary(harness.handle(List.of(harness.again(0, 0, count(1, 1))))))
                .containsExactly("saga.CommandRefused/REFUSED/1");
        assertThat(harness.rows("effect")).isZero();
    }

    @Test
    void a_compensation_that_meets_its_action_at_the_commit_waits_and_starts_over_and_undoes_it() {
        CountDownLatch committing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        harness.crashPoints = point -> {
            if (point.equals(CrashPoints.BEFORE_COMMIT)) {
                committing.countDown();
                await(goOn);
            }
        };
        var acting = CompletableFuture.supplyAsync(() -> harness.handle(count(1, 1)), Thread::startVirtualThread);
        await(committing);
        harness.crashPoints = CrashPoints.NONE;

        var undoing = CompletableFuture.supplyAsync(
                () -> harness.handle(List.of(harness.record(1, uncount(1, 1)))), Thread::startVirtualThread);
        Awaitility.await().until(() -> harness.rows("pg_stat_activity WHERE wait_event_type = 'Lock'") == 1);
        goOn.countDown();

        assertThat(summary(acting.join())).containsExactly("test.Counted/DONE/1");
        assertThatThrownBy(undoing::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(LostRaceException.class);
        assertThat(summary(harness.handle(List.of(harness.again(1, 0, uncount(1, 1))))))
                .containsExactly("test.Uncounted/DONE/1");
        assertThat(harness.effects(action(1))).isEqualTo(1);
        assertThat(harness.effects(compensation(1))).isEqualTo(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("waited in vain");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] stored(int partition) {
        return harness.jdbc.queryForObject(
                "SELECT output FROM messaging.position WHERE topic = ? AND partition = ?",
                byte[].class,
                COMMANDS,
                partition);
    }

    private List<Reply> output(int partition) {
        return EncodedMessage.unpack(stored(partition)).stream().map(harness::read).toList();
    }
}
