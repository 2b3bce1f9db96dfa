package io.baton.orchestrator.operator.deadletters;

import io.baton.contract.Contract;
import io.baton.contract.MessageType;
import io.baton.contract.Topics;
import io.baton.orchestrator.execution.DefinitionComparison;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads every topic of dead letters, and that of the stuck sagas, into the table. Where it stands is stored with what it
 * read, so a crash loses nothing. Each instance reads; what one has kept, the others leave as it is.
 *
 * <p>Nothing here is urgent: while the database or the broker is away it waits and begins again where the table says.
 * At most some eight megabytes are in memory at a time.
 */
@Component
@Profile("!" + DefinitionComparison.PROFILE)
class DeadLetterReader implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(DeadLetterReader.class);
    private static final Duration POLL = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

    private final DeadLetters letters;
    private final TransactionTemplate transactions;
    private final Map<String, Object> settings;
    private final Set<String> topics = new TreeSet<>();
    private volatile boolean running;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private @Nullable Thread thread;
    private boolean troubled;

    DeadLetterReader(
            DeadLetters letters,
            PlatformTransactionManager transactionManager,
            KafkaProperties properties,
            KafkaConnectionDetails connection,
            ObjectProvider<MessageType> further) {
        this.letters = letters;
        transactions = new TransactionTemplate(transactionManager);
        settings = settings(properties, connection);
        Contract.MESSAGES.forEach(this::addTopics);
        further.forEach(this::addTopics);
        topics.add(Topics.SAGA_DEAD_LETTERS);
    }

    private void addTopics(MessageType type) {
        type.topics().forEach(topic -> topics.add(topic + Topics.DEAD_LETTER_SUFFIX));
    }

    private static Map<String, Object> settings(KafkaProperties properties, KafkaConnectionDetails connection) {
        Map<String, Object> settings = new HashMap<>(properties.buildAdminProperties());
        settings.put("bootstrap.servers", connection.getBootstrapServers());
        settings.put("client.id", "saga-dead-letters");
        settings.put("key.deserializer", ByteArrayDeserializer.class);
        settings.put("value.deserializer", ByteArrayDeserializer.class);
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "earliest");
        settings.put("allow.auto.create.topics", false);
        settings.put("max.poll.records", 100);
        settings.put("fetch.max.bytes", 4 * 1024 * 1024);
        settings.put("max.partition.fetch.bytes", 1024 * 1024);
        // A fetch that finds nothing waits at the broker, so that reading topics where nothing happens costs nothing.
        settings.put("fetch.max.wait.ms", 10_000);
        settings.put("reconnect.backoff.max.ms", 1_000);
        settings.put("enable.metrics.push", false);
        return settings;
    }

    @Override
    public synchronized void start() {
        if (!running) {
            running = true;
            thread = Thread.ofPlatform().daemon().name("saga-dead-letters").start(this::run);
        }
    }

    @Override
    public synchronized void stop() {
        running = false;
        KafkaConsumer<byte[], byte[]> current = consumer;
        if (current != null) {
            current.wakeup();
        }
        Thread last = thread;
        if (last != null) {
            try {
                if (!last.join(CLOSE_MAX)) {
                    last.interrupt();
                    last.join(CLOSE_MAX);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void run() {
        while (running) {
            try {
                readUntilTroubled();
            } catch (WakeupException | InterruptException e) {
                log.debug("Reading dead letters ends", e);
            } catch (RuntimeException | Error e) {
                if (!troubled && running) {
                    troubled = true;
                    log.warn("Dead letters cannot be read right now ({}); tried again until they can", e.toString());
                    log.debug("The trouble in full", e);
                }
            }
            pause();
        }
    }

    /** With a client of its own, since one that is in trouble may stay so. It is not even made while no address is known. */
    private void readUntilTroubled() {
        KafkaConsumer<byte[], byte[]> current = new KafkaConsumer<>(settings);
        consumer = current;
        try {
            read(current);
        } finally {
            consumer = null;
            current.close(CloseOptions.timeout(CLOSE_MAX));
        }
    }

    private void read(KafkaConsumer<byte[], byte[]> current) {
        Map<TopicPartition, Long> positions = letters.positions();
        List<TopicPartition> partitions = partitions(current);
        if (partitions.isEmpty()) {
            return;
        }
        current.assign(partitions);
        partitions.forEach(partition -> current.seek(partition, positions.getOrDefault(partition, 0L)));
        while (running) {
            List<DeadLetter> found = new ArrayList<>();
            Map<TopicPartition, Long> next = new HashMap<>();
            for (ConsumerRecord<byte[], byte[]> record : current.poll(POLL)) {
                found.add(DeadLetterRecords.read(record));
                next.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
            }
            if (!found.isEmpty()) {
                transactions.executeWithoutResult(_ -> letters.keep(found, next));
            }
            if (troubled) {
                troubled = false;
                log.info("Dead letters are read again");
            }
        }
    }

    /** None while a topic does not exist yet: they are made when the service starts for the first time. */
    private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> current) {
        Map<String, List<PartitionInfo>> existing = current.listTopics();
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : topics) {
            List<PartitionInfo> infos = existing.get(topic);
            if (infos == null) {
                return List.of();
            }
            infos.forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        }
        return partitions;
    }

    private void pause() {
        if (!running) {
            return;
        }
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
        }
    }
}
