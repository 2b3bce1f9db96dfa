package io.baton.messaging;

import io.baton.contract.Contract;
import io.baton.contract.MessageType;
import io.baton.contract.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.tracing.Tracer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Gives an application transactional messaging: it finds the {@link CommandHandler}, {@link EventHandler} and {@link
 * BatchHandler} beans, reads their topics, and offers {@link Outbox}, {@link LateAnswers} and {@link Ids}.
 */
@AutoConfiguration(
        after = {KafkaAutoConfiguration.class, JdbcTemplateAutoConfiguration.class, TransactionAutoConfiguration.class},
        before = FlywayAutoConfiguration.class)
@EnableConfigurationProperties(MessagingProperties.class)
public class TransactionalMessagingAutoConfiguration {

    private static final Logger log = LoggerFactory.getLogger(TransactionalMessagingAutoConfiguration.class);

    /** Migrates the messaging's own schema, with its own history, before the service's. */
    @Bean
    FlywayMigrationStrategy messagingBeforeTheService(@Value("${spring.flyway.user:}") String owner) {
        if (owner.isBlank()) {
            log.warn("The service's own database role migrates its database, and so could change or drop every table. "
                    + "Set spring.flyway.user and spring.flyway.password to the database's owner.");
        }
        return service -> {
            Flyway.configure(service.getConfiguration().getClassLoader())
                    .dataSource(service.getConfiguration().getDataSource())
                    .schemas("messaging")
                    .locations("classpath:db/messaging")
                    .load()
                    .migrate();
            service.migrate();
        };
    }

    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    @ConditionalOnMissingBean
    @DependsOn("flywayInitializer")
    Ids ids(JdbcOperations jdbc) {
        return new Ids(Objects.requireNonNull(jdbc.queryForObject("SELECT nextval('messaging.node')", Long.class)));
    }

    @Bean
    MessagingMeters messagingMeters(ObjectProvider<MeterRegistry> registry) {
        return new MessagingMeters(registry.getIfAvailable(SimpleMeterRegistry::new));
    }

    @Bean
    MessageCodec messageCodec(
            ObjectProvider<MessageType> further, @Value("${spring.application.name}") String name, Clock clock) {
        List<MessageType> types = new ArrayList<>(Contract.MESSAGES);
        further.forEach(types::add);
        return new MessageCodec(types, name, clock);
    }

    @Bean
    StoredTraces storedTraces(ObjectProvider<Tracer> tracer) {
        return new StoredTraces(tracer.getIfAvailable());
    }

    @Bean
    Outcomes outcomes(JdbcOperations jdbc) {
        return new Outcomes(jdbc);
    }

    @Bean
    Replies replies(MessageCodec codec) {
        return new Replies(codec);
    }

    @Bean
    OutboxRows outboxRows(JdbcOperations jdbc) {
        return new OutboxRows(jdbc);
    }

    @Bean
    OutboxBacklog outboxBacklog(ObjectProvider<MeterRegistry> registry) {
        return new OutboxBacklog(registry.getIfAvailable(SimpleMeterRegistry::new));
    }

    @Bean
    OutboxRelay outboxRelay(
            OutboxRows rows,
            OutboxBacklog backlog,
            KafkaClientSettings settings,
            PlatformTransactionManager transactionManager,
            MessagingProperties properties) {
        return new OutboxRelay(
                rows,
                MessageSender.connect(settings.common(), settings.clientId("outbox"), CrashPoints.NONE),
                new TransactionTemplate(transactionManager),
                properties.outboxAgeMin(),
                backlog);
    }

    @Bean
    TransactionalOutbox outbox(MessageCodec codec, OutboxRows rows, OutboxRelay relay, ObjectProvider<Tracer> tracer) {
        return new TransactionalOutbox(codec, rows, relay::accept, tracer.getIfAvailable());
    }

    @Bean
    LateAnswers lateAnswers(Outcomes outcomes, Replies replies, MessageCodec codec, TransactionalOutbox outbox) {
        return new RememberingLateAnswers(outcomes, replies, codec, outbox);
    }

    @Bean
    CommandReceiver commandReceiver(
            ObjectProvider<CommandHandler<?>> handlers,
            Outcomes outcomes,
            Replies replies,
            MessageCodec codec,
            MessagingMeters meters) {
        return new CommandReceiver(handlers.stream().toList(), outcomes, replies, codec, meters);
    }

    @Bean
    EventReceiver eventReceiver(ObjectProvider<EventHandler<?>> handlers, MessageCodec codec) {
        return new EventReceiver(handlers.stream().toList(), codec, Topics.SAGA_REPLIES);
    }

    @Bean
    @ConditionalOnMissingBean
    CrashPoints crashPoints() {
        return CrashPoints.NONE;
    }

    @Bean
    KafkaClientSettings kafkaClientSettings(
            KafkaProperties properties,
            KafkaConnectionDetails connection,
            MessagingProperties messaging,
            @Value("${spring.application.name}") String name) {
        Map<String, Object> common = new HashMap<>(properties.buildAdminProperties());
        common.put("bootstrap.servers", connection.getBootstrapServers());
        return new KafkaClientSettings(common, name, messaging.consumerOf(name));
    }

    @Bean
    TopicSetup topicSetup(KafkaClientSettings settings, MessagingProperties properties, ObjectProvider<MessageType> further) {
        Set<String> names = new TreeSet<>();
        Contract.MESSAGES.forEach(type -> names.addAll(type.topics()));
        further.forEach(type -> names.addAll(type.topics()));
        return new TopicSetup(
                () -> Admin.create(settings.admin()), names, properties.partitions(), properties.replication());
    }

    @Bean
    MessagingLifecycle messagingLifecycle(
            ObjectProvider<BatchHandler> batchHandlers,
            MessagingProperties properties,
            KafkaClientSettings settings,
            JdbcOperations jdbc,
            PlatformTransactionManager transactionManager,
            MessageCodec codec,
            MessagingMeters meters,
            CrashPoints crashPoints,
            TopicSetup topics,
            OutboxRelay relay,
            Outcomes outcomes,
            ObjectProvider<Tracer> tracer) {
        List<BatchHandler> handlers =
                batchHandlers.stream().filter(handler -> !handler.topics().isEmpty()).toList();
        Set<String> subscribed = new HashSet<>();
        handlers.forEach(handler -> subscribed.addAll(handler.topics()));
        TransactionTemplate transactions = new TransactionTemplate(transactionManager);
        Positions positions = new Positions(jdbc, settings.consumer(), properties.transactionIdleMax());
        BatchTransaction batches = new BatchTransaction(
                transactions, positions, codec, new MessageTraces(tracer.getIfAvailable()), handlers, crashPoints);
        MessageSender sender = MessageSender.connect(settings.common(), settings.clientId("consumer"), crashPoints);
        Supplier<MessageConsumer> consumers = () -> new MessageConsumer(
                new KafkaConsumer<>(settings.consumer(properties)),
                topics,
                subscribed,
                batches,
                positions,
                transactions,
                sender,
                meters,
                crashPoints,
                properties.retryDelayMax());
        return new MessagingLifecycle(
                topics,
                handlers.isEmpty() ? null : consumers,
                sender,
                relay,
                new OutcomeRetention(outcomes, transactions, properties.outcomeRetention(), meters),
                properties.retryDelayMax());
    }

    /**
     * How this application's clients reach the broker.
     *
     * @param common where it is and how to log in
     * @param consumer the group, and the name that the stored positions bear
     */
    record KafkaClientSettings(Map<String, Object> common, String application, String consumer) {

        String clientId(String role) {
            return application + "-" + role;
        }

        Map<String, Object> admin() {
            Map<String, Object> settings = new HashMap<>(common);
            settings.put("client.id", clientId("admin"));
            settings.put("enable.metrics.push", false);
            settings.put("reconnect.backoff.ms", 200);
            settings.put("reconnect.backoff.max.ms", 1_000);
            // The other strategy goes round in a tight loop while no broker answers, with a line of log in each round.
            // What it is for, brokers that all moved elsewhere, the topics' look-up does by connecting anew.
            settings.put("metadata.recovery.strategy", "none");
            settings.put("default.api.timeout.ms", 10_000);
            settings.put("request.timeout.ms", 5_000);
            return settings;
        }

        Map<String, Object> consumer(MessagingProperties properties) {
            Map<String, Object> settings = new HashMap<>(common);
            settings.put("client.id", clientId("consumer"));
            settings.put(ConsumerConfig.GROUP_ID_CONFIG, consumer);
            settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
            settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
            settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
            // Where to read is our row's business; a reset would hide that the broker lost something.
            settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
            settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, properties.batchRecordsMax());
            settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) properties.fetchWaitMax().toMillis());
            settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) properties.sessionTimeout().toMillis());
            settings.put(
                    ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                    (int) properties.sessionTimeout().toMillis() / 3);
            settings.put(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                    "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
            settings.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
            settings.put(ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
            return settings;
        }
    }
}
