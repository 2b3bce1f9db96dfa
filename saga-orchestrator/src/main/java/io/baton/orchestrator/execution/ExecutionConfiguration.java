package io.baton.orchestrator.execution;

import io.baton.contract.MessageType;
import io.baton.messaging.Ids;
import io.baton.messaging.MessagingProperties;
import io.baton.messaging.Outbox;
import io.baton.messaging.StoredTraces;
import io.baton.orchestrator.saga.SagaDefinition;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts the parts of the execution together. */
@Configuration(proxyBeanMethods = false)
class ExecutionConfiguration {

    /** Whoever sends must know what is held. */
    private static final int BEFORE_THE_CONSUMERS = Integer.MIN_VALUE / 2;

    /** Under a second, within which every instance is said to know of a new hold. */
    private static final Duration HOLDS_REFRESH = Duration.ofMillis(900);

    private static final Duration HOLDS_TURN = Duration.ofMillis(250);

    @Bean
    SagaDefinitions sagaDefinitions(
            List<SagaDefinition<?>> definitions, SagaSettings settings, ObjectProvider<MessageType> further) {
        settings.requireOnly(definitions.stream().map(SagaDefinition::name).collect(Collectors.toSet()));
        return new SagaDefinitions(
                definitions.stream().map(definition -> settings.applyTo(definition)).toList(),
                further.stream().toList());
    }

    @Bean
    Sagas sagas(JdbcOperations jdbc, SagaDefinitions definitions) {
        return new Sagas(jdbc, definitions);
    }

    @Bean
    SagaJournal sagaJournal(JdbcOperations jdbc) {
        return new SagaJournal(jdbc);
    }

    @Bean
    SagaQueries sagaQueries(ReadConnections connections, SagaDefinitions definitions) {
        return new SagaQueries(connections.jdbc(), definitions);
    }

    @Bean
    SagaTimers sagaTimers(JdbcOperations jdbc) {
        return new SagaTimers(jdbc);
    }

    @Bean
    SagaCounts sagaCounts(
            JdbcOperations jdbc, SagaDefinitions definitions, PlatformTransactionManager transactionManager) {
        return new SagaCounts(jdbc, definitions, transactionManager);
    }

    @Bean
    SagaMeters sagaMeters(MeterRegistry registry, SagaDefinitions definitions) {
        SagaMeters meters = new SagaMeters(registry);
        meters.expect(definitions.all());
        return meters;
    }

    @Bean
    CommandWriter commandWriter(SagaDefinitions definitions, SagaHolds holds) {
        return new CommandWriter(definitions, holds);
    }

    @Bean
    SagaHolds sagaHolds(
            JdbcOperations jdbc,
            SagaDefinitions definitions,
            OperatorAudit audit,
            PlatformTransactionManager transactionManager,
            DatabaseTime time) {
        return new SagaHolds(jdbc, definitions, audit, new TransactionTemplate(transactionManager), time);
    }

    @Bean
    HeldSagas heldSagas(
            JdbcOperations jdbc, Sagas sagas, SagaTimers timers, SagaHolds holds, CommandWriter writer) {
        return new HeldSagas(sagas, timers, new HeldCommands(jdbc), holds, writer);
    }

    @Bean
    SagaPauses sagaPauses(HeldSagas held, Outbox outbox) {
        return new SagaPauses(held, outbox);
    }

    /** Not while definitions are only compared. */
    @Bean
    @Profile("!" + DefinitionComparison.PROFILE)
    RecurringWork holdWork(
            SagaHolds holds,
            Sagas sagas,
            HeldSagas held,
            Outbox outbox,
            PlatformTransactionManager transactionManager,
            DatabaseTime time) {
        HoldRelease release =
                new HoldRelease(holds, sagas, held, outbox, new TransactionTemplate(transactionManager), time);
        return new RecurringWork("holds", BEFORE_THE_CONSUMERS)
                .atOnceAndEvery(HOLDS_REFRESH, holds::refresh)
                .every(HOLDS_TURN, release::takeTurn);
    }

    @Bean
    SagaExecutor sagaExecutor(
            SagaDefinitions definitions,
            Sagas sagas,
            SagaJournal journal,
            SagaTimers timers,
            HeldSagas held,
            JdbcOperations jdbc,
            CommandWriter writer,
            Ids ids,
            SagaMeters meters) {
        return new SagaExecutor(
                definitions, sagas, journal, timers, held, new StuckSagas(jdbc), writer, ids, meters);
    }

    @Bean
    SagaInterventions sagaInterventions(
            Sagas sagas,
            OperatorAudit audit,
            OperatorSettings settings,
            JdbcOperations jdbc,
            SagaExecutor executor,
            CommandWriter writer,
            Outbox outbox,
            PlatformTransactionManager transactionManager,
            DatabaseTime time,
            SagaMeters meters) {
        return new SagaInterventions(
                sagas,
                audit,
                new FourEyes(jdbc, new SagaFacts(), settings.fourEyes()),
                executor,
                writer,
                outbox,
                new TransactionTemplate(transactionManager),
                time,
                meters);
    }

    @Bean
    OperatorAudit operatorAudit(JdbcOperations jdbc, SagaMeters meters) {
        return new OperatorAudit(jdbc, meters);
    }

    /** What operators ask must never keep a saga waiting for a connection. */
    @Bean
    ReadConnections readConnections(JdbcConnectionDetails database) {
        return new ReadConnections(database);
    }

    @Bean
    SagaPreviews sagaPreviews(CommandWriter writer, SagaDefinitions definitions, OperatorSettings settings,
            JdbcOperations jdbc) {
        return new SagaPreviews(writer, definitions, new FourEyes(jdbc, new SagaFacts(), settings.fourEyes()));
    }

    @Bean
    DatabaseTime databaseTime(JdbcOperations jdbc) {
        return () -> Objects.requireNonNull(jdbc.queryForObject("SELECT now()", OffsetDateTime.class)).toInstant();
    }

    /** The timers' own client: that of the messaging belongs to the messaging. */
    @Bean
    Admin timersAdmin(KafkaProperties properties, KafkaConnectionDetails connection) {
        Map<String, Object> settings = new HashMap<>(properties.buildAdminProperties());
        settings.put("bootstrap.servers", connection.getBootstrapServers());
        settings.put("client.id", "saga-timers");
        settings.put("enable.metrics.push", false);
        settings.put("reconnect.backoff.max.ms", 1_000);
        // Looking for the broker anew from the start fills the log while it is away.
        settings.put("metadata.recovery.strategy", "none");
        return Admin.create(settings);
    }

    @Bean
    TimerWorker timerWorker(
            Sagas sagas,
            SagaTimers timers,
            SagaExecutor executor,
            CommandWriter writer,
            Outbox outbox,
            PlatformTransactionManager transactionManager,
            DatabaseTime time,
            Admin timersAdmin,
            JdbcOperations jdbc,
            SagaMeters meters,
            StoredTraces traces,
            MessagingProperties messaging,
            @Value("${spring.application.name}") String application) {
        return new TimerWorker(
                sagas,
                timers,
                executor,
                writer,
                outbox,
                new TransactionTemplate(transactionManager),
                time,
                KafkaWaitingReplies.of(timersAdmin, jdbc, messaging.consumerOf(application)),
                meters,
                traces);
    }

    /** Not while definitions are only compared. */
    @Bean
    @Profile("!" + DefinitionComparison.PROFILE)
    RecurringWork timerWork(
            TimerWorker worker,
            SagaTimers timers,
            PlatformTransactionManager transactionManager,
            DatabaseTime time,
            TimerSettings settings,
            SagaDefinitions definitions) {
        TransactionTemplate transactions = new TransactionTemplate(transactionManager);
        return new RecurringWork("timers")
                .every(settings.sweep(), () -> transactions.executeWithoutResult(
                        _ -> timers.sweep(time.now(), definitions.shortestWait())))
                .every(settings.tick(), () -> worker.fire(settings.perTick()));
    }
}
