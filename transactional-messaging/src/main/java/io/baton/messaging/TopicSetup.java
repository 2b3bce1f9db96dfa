package io.baton.messaging;

import io.baton.contract.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/** Sees to it that the contract's topics exist, each with a topic for its dead letters. */
final class TopicSetup implements AutoCloseable {

    private static final int DEAD_LETTER_BYTES_MAX = MessageSender.REQUEST_BYTES_MAX;

    /** So many failures in a row take a minute or more while no broker answers. */
    static final int FAILURES_MAX = 6;

    private static final Duration CLOSE_MAX = Duration.ofSeconds(1);

    private final Supplier<Admin> connect;
    private final Set<String> topics;
    private final int partitions;
    private final short replication;
    private @Nullable Admin admin;
    private int failures;

    /** @param connect is called now, so that wrong settings are found at once, and at the first use after a close */
    TopicSetup(Supplier<Admin> connect, Set<String> topics, int partitions, short replication) {
        this.connect = connect;
        this.admin = connect.get();
        this.topics = topics;
        this.partitions = partitions;
        this.replication = replication;
    }

    /**
     * Makes those that do not exist; leaves the others as they are.
     *
     * @throws KafkaException if the broker does not answer; some may exist then, and calling again is right
     */
    void create() {
        Optional<Short> replicas = replication < 0 ? Optional.empty() : Optional.of(replication);
        List<NewTopic> wanted = new ArrayList<>();
        for (String topic : topics) {
            wanted.add(new NewTopic(topic, Optional.of(partitions), replicas));
            wanted.add(new NewTopic(topic + Topics.DEAD_LETTER_SUFFIX, Optional.of(1), replicas)
                    .configs(Map.of(
                            TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(DEAD_LETTER_BYTES_MAX),
                            TopicConfig.RETENTION_MS_CONFIG, "-1")));
        }
        admin().createTopics(wanted).values().forEach((name, future) -> {
            try {
                future.get(10, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    failed();
                    throw new KafkaException("Topic " + name + " cannot be made", e.getCause());
                }
            } catch (TimeoutException e) {
                failed();
                throw new KafkaException("Topic " + name + " cannot be made", e);
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        });
        failures = 0;
    }

    /**
     * The ids that the broker gave the topics: a topic that was deleted and made anew has another one.
     *
     * @throws KafkaException if the broker does not answer or a topic does not exist
     */
    Map<String, String> ids(Collection<String> names) {
        try {
            Map<String, String> ids = new HashMap<>();
            admin().describeTopics(names)
                    .allTopicNames()
                    .get(10, TimeUnit.SECONDS)
                    .forEach((name, description) -> ids.put(name, description.topicId().toString()));
            failures = 0;
            return ids;
        } catch (ExecutionException | TimeoutException e) {
            failed();
            throw new KafkaException("The topics cannot be looked up", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** The client looks only for the brokers that it knows. Perhaps they are gone for good and others came instead. */
    private void failed() {
        if (++failures >= FAILURES_MAX) {
            failures = 0;
            close();
        }
    }

    private synchronized Admin admin() {
        Admin current = admin;
        if (current == null) {
            current = connect.get();
            admin = current;
        }
        return current;
    }

    /** Gives the connection back; the next use makes a new one. */
    @Override
    public synchronized void close() {
        Admin current = admin;
        admin = null;
        if (current != null) {
            current.close(CLOSE_MAX);
        }
    }
}
