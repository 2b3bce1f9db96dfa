package io.baton.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.baton.contract.CancelSaga;
import io.baton.contract.CommandFailed;
import io.baton.contract.Contract;
import io.baton.contract.MessageHeaders;
import io.baton.contract.MessageType;
import io.baton.contract.Money;
import io.baton.contract.OrderId;
import io.baton.contract.SagaId;
import io.baton.contract.SagaStuck;
import io.baton.contract.Topics;
import io.baton.contract.delivery.DeliveryRefused;
import io.baton.contract.order.CancelOrder;
import io.baton.contract.order.DeliveryAddress;
import io.baton.contract.order.FulfilOrder;
import io.baton.contract.order.OrderCompleted;
import io.baton.contract.order.OrderLine;
import io.baton.contract.order.PaymentMethod;
import io.baton.messaging.BatchOutput;
import io.baton.messaging.Ids;
import io.baton.messaging.IncomingMessage;
import io.baton.messaging.Outbox;
import io.baton.messaging.OutgoingMessage;
import io.baton.messaging.ParkedRecord;
import io.baton.messaging.StoredTraces;
import io.baton.messaging.test.Database;
import io.baton.messaging.test.TestInfrastructure;
import io.baton.orchestrator.execution.SagaInterventions.Result;
import io.baton.orchestrator.execution.SagaPreviews.Preview;
import io.baton.orchestrator.fulfilment.OrderFulfilment;
import io.baton.orchestrator.saga.OperatorAction;
import io.baton.orchestrator.saga.SagaDefinition;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.tracing.Tracer;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The execution on a real database, with messages given by hand and a time that the test sets. */
public final class ExecutionBench implements BatchOutput, Outbox, AutoCloseable {

    public final JdbcTemplate jdbc;
    public final TransactionTemplate transactions;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final AtomicInteger statements = new AtomicInteger();
    /** What was said, but for {@link #stuck}. */
    public final List<OutgoingMessage> said = new ArrayList<>();
    /** The sagas that were said to need a person. */
    public final List<SagaStuck> stuck = new ArrayList<>();
    public final List<String> parked = new ArrayList<>();
    public final Ids ids = new Ids(7);
    final SagaTimers timers;
    public SagaQueries queries;
    SagaExecutor executor;
    TimerWorker worker;
    public Instant now;
    boolean repliesAreRead = true;
    @Nullable Money fourEyesAbove;
    public SagaInterventions interventions;
    public OperatorAudit audit;
    SagaPreviews previews;
    SagaPauses pauses;
    SagaHolds holds;
    HoldRelease release;
    public SagaCounts counts;
    @Nullable Tracer tracer;
    private final DataSource target;
    private final DataSource source;
    private final List<MessageType> further = new ArrayList<>();
    private Sagas sagas;
    private long offset;

    /** With a connection of its own for each transaction. */
    public ExecutionBench() {
        this(TestInfrastructure.newDatabase("sagas"));
    }

    /** For many transactions, which keep their connections and do not wait for the disk. To be closed. */
    public static ExecutionBench pooled() {
        PGSimpleDataSource plain = plain(TestInfrastructure.newDatabase("sagas"));
        plain.setOptions("-c synchronous_commit=off");
        HikariConfig settings = new HikariConfig();
        settings.setDataSource(plain);
        settings.setMaximumPoolSize(3);
        return new ExecutionBench(new HikariDataSource(settings));
    }

    /** On a database that the test knows too. */
    ExecutionBench(Database database) {
        this(plain(database));
    }

    private ExecutionBench(DataSource target) {
        Flyway.configure().dataSource(target).locations("classpath:db/migration").load().migrate();
        this.target = target;
        source = new Counting(target);
        jdbc = new JdbcTemplate(source);
        transactions = new TransactionTemplate(new JdbcTransactionManager(source));
        timers = new SagaTimers(jdbc);
        // Behind the real time, so that no running transaction is older than what a test sweeps.
        now = jdbc.queryForObject("SELECT now()", OffsetDateTime.class)
                .toInstant()
                .minus(Duration.ofDays(1))
                .truncatedTo(ChronoUnit.MILLIS);
        use(List.of(OrderFulfilment.definition()));
    }

    private static PGSimpleDataSource plain(Database database) {
        PGSimpleDataSource plain = new PGSimpleDataSource();
        plain.setUrl(database.jdbcUrl());
        plain.setUser(database.user());
        plain.setPassword(database.password());
        return plain;
    }

    @Override
    public void close() {
        if (target instanceof HikariDataSource pool) {
            pool.close();
        }
    }

    /** Goes on as a program that has these definitions. */
    public void use(List<? extends SagaDefinition<?>> known) {
        SagaDefinitions definitions = new SagaDefinitions(known, further);
        sagas = new Sagas(jdbc, definitions);
        queries = new SagaQueries(jdbc, definitions);
        SagaMeters sagaMeters = new SagaMeters(meters);
        audit = new OperatorAudit(jdbc, sagaMeters);
        holds = new SagaHolds(jdbc, definitions, audit, transactions, () -> now);
        holds.refresh();
        CommandWriter writer = new CommandWriter(definitions, holds);
        HeldSagas held = new HeldSagas(sagas, timers, new HeldCommands(jdbc), holds, writer);
        release = new HoldRelease(holds, sagas, held, this, transactions, () -> now);
        pauses = new SagaPauses(held, this);
        previews = new SagaPreviews(writer, definitions, new FourEyes(jdbc, new SagaFacts(), fourEyesAbove));
        executor = new SagaExecutor(
                definitions,
                sagas,
                new SagaJournal(jdbc),
                timers,
                held,
                new StuckSagas(jdbc),
                writer,
                ids,
                sagaMeters);
        worker = new TimerWorker(
                sagas,
                timers,
                executor,
                writer,
                this,
                transactions,
                () -> now,
                at -> repliesAreRead ? Optional.of(at) : Optional.empty(),
                sagaMeters,
                new StoredTraces(tracer));
        counts = new SagaCounts(jdbc, definitions, new JdbcTransactionManager(source));
        interventions = new SagaInterventions(
                sagas,
                audit,
                new FourEyes(jdbc, new SagaFacts(), fourEyesAbove),
                executor,
                writer,
                this,
                transactions,
                () -> now,
                sagaMeters);
    }

    /** Knows these messages beside those of the contract. */
    public void know(Collection<MessageType> types) {
        further.addAll(types);
    }

    /** A connection of its own, as another instance has. */
    Connection connect() throws SQLException {
        return target.getConnection();
    }

    /** Handles the messages as one batch, and returns what is said because of them. */
    public List<OutgoingMessage> batch(List<IncomingMessage> messages) {
        int before = said.size();
        transactions.executeWithoutResult(_ -> executor.handle(messages, now, this));
        return List.copyOf(said.subList(before, said.size()));
    }

    /** Handles the messages and dies before the commit: nothing is kept, and nothing is said. */
    public void batchThatDies(List<IncomingMessage> messages) {
        int before = said.size();
        int stuckBefore = stuck.size();
        int parkedBefore = parked.size();
        transactions.executeWithoutResult(transaction -> {
            executor.handle(messages, now, this);
            transaction.setRollbackOnly();
        });
        said.subList(before, said.size()).clear();
        stuck.subList(stuckBefore, stuck.size()).clear();
        parked.subList(parkedBefore, parked.size()).clear();
    }

    /**
     * Two instances handle a batch each at the same moment: the second begins while the first has not committed.
     * Returns what both say.
     */
    public List<OutgoingMessage> batchesAtOnce(List<IncomingMessage> first, List<IncomingMessage> second) {
        int before = said.size();
        Thread other = Thread.ofPlatform().unstarted(() -> batch(second));
        List<Throwable> trouble = new ArrayList<>();
        other.setUncaughtExceptionHandler((_, e) -> trouble.add(e));
        transactions.executeWithoutResult(_ -> {
            executor.handle(first, now, this);
            other.start();
            awaitThatItWaitsOrEnds(other);
        });
        try {
            other.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("Expected the other instance to end", e);
        }
        assertThat(trouble).as("trouble of the other instance").isEmpty();
        return List.copyOf(said.subList(before, said.size()));
    }

    private void awaitThatItWaitsOrEnds(Thread other) {
        while (other.isAlive()) {
            boolean waits = Boolean.TRUE.equals(jdbc.queryForObject(
                    "SELECT EXISTS (SELECT FROM pg_locks WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))",
                    Boolean.class));
            if (waits) {
                return;
            }
            Thread.onSpinWait();
        }
    }

    public List<OutgoingMessage> batch(IncomingMessage... messages) {
        return batch(List.of(messages));
    }

    /** Lets time pass, sweeps and fires; returns what is said because of it. */
    public List<OutgoingMessage> pass(Duration time) {
        now = now.plus(time);
        int before = said.size();
        transactions.executeWithoutResult(_ -> timers.sweep(now, Duration.ofSeconds(10)));
        worker.fire(1_000);
        return List.copyOf(said.subList(before, said.size()));
    }

    /** An order as a customer places it. */
    public static FulfilOrder fulfil(OrderId order) {
        return new FulfilOrder(
                order,
                "c-1",
                List.of(new OrderLine("KEYBOARD", 1)),
                new Money(4_999, "EUR"),
                PaymentMethod.WALLET,
                null,
                new DeliveryAddress("A. Person", "Street 1", null, "Town", "12345", "DE"),
                Instant.parse("2026-01-01T00:00:00Z"));
    }

    public IncomingMessage request(OrderId order) {
        return request(order, fulfil(order));
    }

    public IncomingMessage request(OrderId order, Record body) {
        return message(Topics.SAGA_REQUESTS, order.toString(), body, Map.of());
    }

    IncomingMessage cancel(OrderId order) {
        return cancel(order, "order-fulfilment");
    }

    IncomingMessage cancel(OrderId order, String definition) {
        return message(
                Topics.SAGA_REQUESTS,
                order.toString(),
                new CancelSaga(definition, "CANCELLED_BY_CUSTOMER", "Changed my mind."),
                Map.of(MessageHeaders.SOURCE, "/order-service", MessageHeaders.ID, "wish-" + order));
    }

    /** The participant's yes to a command; what record it is does not matter to the orchestrator. */
    public IncomingMessage done(OutgoingMessage command) {
        OrderId order = OrderId.parse(command.key());
        return reply(command, "DONE", new OrderCompleted(order));
    }

    public IncomingMessage refused(OutgoingMessage command) {
        OrderId order = OrderId.parse(command.key());
        return reply(command, "REFUSED", new DeliveryRefused(order, "ADDRESS_NOT_SERVED", "No."));
    }

    IncomingMessage failed(OutgoingMessage command) {
        return reply(command, "FAILED", new CommandFailed("DOWN", "Not now.", 0));
    }

    public IncomingMessage reply(OutgoingMessage command, String outcome, Record body) {
        Map<String, String> headers = new HashMap<>(command.headers());
        headers.remove(MessageHeaders.EXPIRY_TIME);
        headers.put(MessageHeaders.OUTCOME, outcome);
        headers.put(MessageHeaders.COMMAND_POSITION, command.topic() + "-0@1");
        return message(Topics.SAGA_REPLIES, command.key(), body, headers);
    }

    public IncomingMessage message(String topic, String key, Record body, Map<String, String> headers) {
        return new IncomingMessage(
                topic,
                0,
                offset++,
                key,
                Stream.concat(Contract.MESSAGES.stream(), further.stream())
                        .filter(type -> type.body() == body.getClass())
                        .findFirst()
                        .orElseThrow(),
                headers,
                body);
    }

    public String state(OrderId order) {
        return jdbc.queryForObject(
                "SELECT s.state FROM saga s JOIN saga_data d ON d.id = s.id WHERE d.business_key = ?",
                String.class,
                order.value());
    }

    public long sagaId(OrderId order) {
        return jdbc.queryForObject("SELECT id FROM saga_data WHERE business_key = ?", Long.class, order.value());
    }

    int version(OrderId order) {
        return jdbc.queryForObject("SELECT version FROM saga WHERE id = ?", Integer.class, sagaId(order));
    }

    /** An operator's wish that was made seeing the saga as it is now. */
    SagaInterventions.Wish wish(OrderId order, OperatorAction action) {
        return new SagaInterventions.Wish(
                UUID.randomUUID(), new SagaId(sagaId(order)), version(order), "olga", "Asked by phone.", action);
    }

    /** What was said beforehand of a wish is what came of it: the same commands in the same order, or the same refusal. */
    static void assertForetold(Preview preview, Result result, List<OutgoingMessage> said) {
        switch (preview) {
            case Preview.Refused(String why) -> assertThat(result).isEqualTo(new Result.Refused(why));
            case Preview.Granted granted -> {
                assertThat(result).isInstanceOf(Result.Granted.class);
                assertThat(granted.sends().stream()
                                .map(planned -> planned.topic() + " " + planned.key() + " " + planned.command() + " "
                                        + planned.step() + "/" + planned.direction() + "/" + planned.attempt()))
                        .containsExactlyElementsOf(said.stream()
                                .map(message -> message.topic() + " " + message.key() + " "
                                        + message.body().getClass().getSimpleName() + " "
                                        + message.id().substring(message.id().indexOf('/') + 1))
                                .toList());
            }
        }
    }

    List<String> states(OrderId order) {
        return jdbc.queryForList(
                "SELECT to_state FROM saga_log WHERE saga_id = ? ORDER BY seq", String.class, sagaId(order));
    }

    /** How many sagas go on by themselves, and how many are stuck. */
    List<Long> open() {
        SagaCounts.Snapshot now = counts.take();
        return List.of(now.moving(), now.stuck());
    }

    public int count(String table) {
        return jdbc.queryForObject("SELECT count(*) FROM " + table, Integer.class);
    }

    double counter(String name) {
        return meters.find(name).counters().stream().mapToDouble(c -> c.count()).sum();
    }

    /** How many sagas ended so. */
    long finished(String outcome) {
        return meters.find("saga.duration").tag("outcome", outcome).timers().stream()
                .mapToLong(timer -> timer.count())
                .sum();
    }

    public OrderId nextOrder() {
        return ids.nextOrderId(now);
    }

    static String cause(OutgoingMessage command) {
        return command.body() instanceof CancelOrder cancel ? cancel.code() : "";
    }

    @Override
    public void send(IncomingMessage cause, OutgoingMessage message) {
        send(List.of(message));
    }

    @Override
    public void send(ParkedRecord cause, OutgoingMessage message) {
        send(List.of(message));
    }

    @Override
    public void park(IncomingMessage message, String reason) {
        parked.add(reason);
    }

    @Override
    public void send(List<OutgoingMessage> messages) {
        for (OutgoingMessage message : messages) {
            if (message.body() instanceof SagaStuck letter) {
                stuck.add(letter);
            } else {
                said.add(message);
            }
        }
    }

    /** Counts the statements that are prepared. */
    private final class Counting extends AbstractDataSource {

        private final DataSource target;

        Counting(DataSource target) {
            this.target = target;
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection real = target.getConnection();
            return (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(), new Class<?>[] {Connection.class},
                            (proxy, method, arguments) -> {
                        if (method.getName().equals("prepareStatement")) {
                            statements.incrementAndGet();
                        }
                        try {
                            return method.invoke(real, arguments);
                        } catch (java.lang.reflect.InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            return getConnection();
        }
    }
}
