package io.baton.messaging;

import io.baton.contract.Topics;
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
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Sees to it that the contract's topics exist, each with a topic for its dead letters. */
final class TopicSetup implements AutoCloseable {

    private static final int DEAD_LETTER_BYTES_MAX = MessageSender.REQUEST_BYTES_MAX;

    private final Admin admin;
    private final Set<String> topics;
    private final int partitions;
    private final short replication;

    TopicSetup(Admin admin, Set<String> topics, int partitions, short replication) {
        this.admin = admin;
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
        admin.createTopics(wanted).values().forEach((name, future) -> {
            try {
                future.get(10, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw new KafkaException("Topic " + name + " cannot be made", e.getCause());
                }
            } catch (TimeoutException e) {
                throw new KafkaException("Topic " + name + " cannot be made", e);
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        });
    }

    /**
     * The ids that the broker gave the topics: a topic that was deleted and made anew has another one.
     *
     * @throws KafkaException if the broker does not answer or a topic does not exist
     */
    Map<String, String> ids(Collection<String> names) {
        try {
            Map<String, String> ids = new HashMap<>();
            admin.describeTopics(names)
                    .allTopicNames()
                    .get(10, TimeUnit.SECONDS)
                    .forEach((name, description) -> ids.put(name, description.topicId().toString()));
            return ids;
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("The topics cannot be looked up", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        admin.close(java.time.Duration.ofSeconds(1));
    }
}
