package io.baton.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariDataSource;
import io.baton.contract.Contract;
import io.baton.contract.MessageHeaders;
import io.baton.contract.MessageType;
import io.baton.contract.OrderId;
import io.baton.contract.Outcome;
import io.baton.contract.SagaId;
import io.baton.embedded.PostgresServer.Database;
import io.baton.messaging.BatchTransaction.Committed;
import io.baton.messaging.BatchTransaction.Expected;
import io.baton.messaging.Counting.Count;
import io.baton.messaging.Counting.Counted;
import io.baton.messaging.Counting.Uncount;
import io.baton.messaging.Counting.Uncounted;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One participant's messaging on a real database, without a broker: records are put in by hand, and what would be sent
 * is kept. Its handlers count in the database and can be told what to answer.
 */
final class BatchHarness implements AutoCloseable {

    static final String COMMANDS = "test.commands";
    static final String EVENTS = "test.events";

    private static final Set<String> MIGRATED = new HashSet<>();

    final HikariDataSource dataSource;
    final JdbcTemplate jdbc;
    final TransactionTemplate transactions;
    final MessageCodec codec;
    final Positions positions;
    final Outcomes outcomes;
    final OutboxRows outboxRows;
    final TransactionalOutbox outbox;
    final LateAnswers lateAnswers;

    /** What each transaction committed, in order. */
    final List<Committed> committed = new CopyOnWriteArrayList<>();

    /** What was handed to the relay after a commit outside of a batch. */
    final List<EncodedMessage> relayed = new CopyOnWriteArrayList<>();

    /** The commands that a handler was called with. */
    final List<CommandContext> calls = new CopyOnWriteArrayList<>();

    /** The batches that the handlers were prepared for. */
    final List<List<? extends Record>> prepared = new CopyOnWriteArrayList<>();

    volatile BiFunction<Count, CommandContext, Answer> onCount =
            (count, context) -> Answer.done(new Counted(count.orderId(), count.number()));
    volatile BiFunction<Uncount, CommandContext, Answer> onUncount =
            (uncount, context) -> Answer.done(new Uncounted(uncount.orderId()));
    /** Whether compensations undo what no command did. */
    volatile boolean actionGiven;
    volatile CrashPoints crashPoints = CrashPoints.NONE;

    /** Runs when what is remembered has been read and nothing has been handled yet. */
    volatile Runnable onPrepare = () -> {};

    private final BatchTransaction batches;
    private final Map<TopicPartition, Expected> expected = new HashMap<>();
    private final Map<TopicPartition, Long> offsets = new HashMap<>();

    BatchHarness(Database database) {
        this(database, 1);
    }

    /** @param partitions of the commands' topic */
    BatchHarness(Database database, int partitions) {
        dataSource = new HikariDataSource();
        dataSource.setJdbcUrl(database.jdbcUrl());
        dataSource.setUsername(database.user());
        dataSource.setPassword(database.password());
        dataSource.setMaximumPoolSize(4);
        if (MIGRATED.add(database.jdbcUrl())) {
            migrate();
        }
        jdbc = new JdbcTemplate(dataSource);
        jdbc.execute("TRUNCATE messaging.position, messaging.outcome, messaging.outbox, effect, heard, bounded");
        jdbc.update("UPDATE messaging.forgotten SET below = 0");
        transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        List<MessageType> types = new ArrayList<>(Contract.MESSAGES);
        types.addAll(Counting.types(COMMANDS, EVENTS));
        codec = new MessageCodec(types, "counting", Clock.systemUTC());
        positions = new Positions(jdbc, "counting", Duration.ofSeconds(5));
        outboxRows = new OutboxRows(jdbc);
        outbox = new TransactionalOutbox(codec, outboxRows, (id, messages) -> relayed.addAll(messages), null);
        outcomes = new Outcomes(jdbc);
        Replies replies = new Replies(codec);
        lateAnswers = new RememberingLateAnswers(outcomes, replies, codec, outbox);
        CommandReceiver receiver = new CommandReceiver(
                List.of(new Handler<>(Count.class), new Handler<>(Uncount.class)),
                outcomes,
                replies,
                codec,
                new MessagingMeters(new SimpleMeterRegistry()));
        batches = new BatchTransaction(
                transactions,
                positions,
                codec,
                new MessageTraces(null),
                List.of(receiver),
                point -> crashPoints.reached(point));
        for (int i = 0; i < partitions; i++) {
            load(new TopicPartition(COMMANDS, i));
        }
    }

    private void migrate() {
        Flyway.configure()
                .dataSource(dataSource)
                .schemas("messaging")
                .locations("classpath:db/messaging")
                .load()
                .migrate();
        Flyway.configure().dataSource(dataSource).load().migrate();
    }

    /** Has the partition stand at its beginning. */
    void load(TopicPartition partition) {
        transactions.executeWithoutResult(status -> {
            positions.load(Map.of(partition, "topic-id"));
            positions.save(List.of(new Positions.Advance(partition, 0, "topic-id", null)));
        });
        expected.put(partition, new Expected(0, "topic-id"));
    }

    /** The counting handlers; one answer per command type, told by the test. */
    private final class Handler<C extends Record> implements CommandHandler<C> {

        private final Class<C> type;

        Handler(Class<C> type) {
            this.type = type;
        }

        @Override
        public Class<C> commandType() {
            return type;
        }

        @Override
        public void prepare(List<C> commands) {
            prepared.add(commands);
            onPrepare.run();
        }

        @Override
        public boolean isActionGiven() {
            return actionGiven;
        }

        @Override
        public Answer handle(C command, CommandContext context) {
            calls.add(context);
            jdbc.update(
                    "INSERT INTO effect VALUES (?, ?, 1) "
                            + "ON CONFLICT (saga_id, direction) DO UPDATE SET n = effect.n + 1",
                    context.key().sagaId().value(),
                    context.key().direction().name());
            return command instanceof Count count
                    ? onCount.apply(count, context)
                    : onUncount.apply((Uncount) command, context);
        }
    }

    /** Handles messages as one poll's records of partition 0, and returns the replies that were to be sent. */
    List<Reply> handle(OutgoingMessage... messages) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (OutgoingMessage message : messages) {
            records.add(record(0, codec.encode(message, null)));
        }
        return handle(records);
    }

    /** Handles records as one poll's. */
    List<Reply> handle(List<ConsumerRecord<byte[], byte[]>> records) {
        int before = committed.size();
        batches.handle(records, expected, committed::add);
        return committed.subList(before, committed.size()).stream()
                .flatMap(each -> each.output().stream())
                .map(this::read)
                .toList();
    }

    /** The same record as the one at that offset, as it is read again after a reload. */
    ConsumerRecord<byte[], byte[]> again(int partition, long offset, OutgoingMessage message) {
        offsets.put(new TopicPartition(message.topic(), partition), offset - 1);
        return record(partition, message);
    }

    /** The next record of a partition. */
    ConsumerRecord<byte[], byte[]> record(int partition, EncodedMessage message) {
        TopicPartition from = new TopicPartition(message.topic(), partition);
        long offset = offsets.merge(from, 0L, (was, zero) -> was + 1);
        return new ConsumerRecord<>(
                from.topic(),
                partition,
                offset,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                message.key(),
                message.value(),
                new RecordHeaders(message.headers()),
                Optional.empty());
    }

    ConsumerRecord<byte[], byte[]> record(int partition, OutgoingMessage message) {
        return record(partition, codec.encode(message, null));
    }

    /** What was said: a reply or anything else, with its headers as text. */
    record Reply(String topic, Map<String, String> headers, byte @Nullable [] body) {

        String type() {
            return headers.get(MessageHeaders.TYPE);
        }

        @Nullable String outcome() {
            return headers.get(MessageHeaders.OUTCOME);
        }

        @Nullable String attempt() {
            return headers.get(MessageHeaders.ATTEMPT);
        }

        String text() {
            return body == null ? "" : new String(body, UTF_8);
        }
    }

    Reply read(EncodedMessage message) {
        Map<String, String> headers = new HashMap<>();
        message.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        return new Reply(message.topic(), headers, message.value());
    }

    /** What of the replies matters most, as {@code type/outcome/attempt}. */
    static List<String> summary(List<Reply> replies) {
        return replies.stream().map(reply -> reply.type() + "/" + reply.outcome() + "/" + reply.attempt()).toList();
    }

    static CommandKey action(long saga) {
        return new CommandKey(new SagaId(saga), Counting.STEP, Direction.ACTION);
    }

    static CommandKey compensation(long saga) {
        return new CommandKey(new SagaId(saga), Counting.STEP, Direction.COMPENSATION);
    }

    static OutgoingMessage count(long saga, int attempt) {
        return count(saga, attempt, Counting.NEVER);
    }

    static OutgoingMessage count(long saga, int attempt, Instant expiry) {
        return Counting.command(COMMANDS, action(saga), attempt, expiry, new Count(new OrderId(saga), (int) saga));
    }

    /** Asks what came of {@link #count}. */
    static OutgoingMessage probe(long saga, int attempt) {
        OutgoingMessage command = count(saga, attempt);
        Map<String, String> headers = new HashMap<>(command.headers());
        headers.put(MessageHeaders.PROBE, "true");
        return new OutgoingMessage(command.topic(), command.key(), command.id(), command.body(), headers);
    }

    static OutgoingMessage uncount(long saga, int attempt) {
        return Counting.command(
                COMMANDS, compensation(saga), attempt, Counting.NEVER, new Uncount(new OrderId(saga)));
    }

    /** How often a command took effect in a transaction that was committed. */
    int effects(CommandKey key) {
        return jdbc.queryForList(
                        "SELECT n FROM effect WHERE saga_id = ? AND direction = ?",
                        Integer.class,
                        key.sagaId().value(),
                        key.direction().name())
                .stream()
                .findFirst()
                .orElse(0);
    }

    long rows(String table) {
        Long count = jdbc.queryForObject("SELECT count(*) FROM " + table, Long.class);
        return count == null ? 0 : count;
    }

    long storedOffset(int partition) {
        return transactions
                .execute(status -> positions.lock(Set.of(new TopicPartition(COMMANDS, partition))))
                .nextOffsets()
                .get(new TopicPartition(COMMANDS, partition));
    }

    static Outcome counted(long saga) {
        return new Counted(new OrderId(saga), (int) saga);
    }

    @Override
    public void close() {
        dataSource.close();
    }
}
