package io.baton.orchestrator.execution;

import io.baton.contract.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Compares where the replies' topic ended at some moment with how far it has been read since, by whichever instance.
 * What was waited for may be gone, with a broker's disk: then it is the topic's new end that counts. Used by one thread.
 */
final class KafkaWaitingReplies implements WaitingReplies {

    private static final Logger log = LoggerFactory.getLogger(KafkaWaitingReplies.class);
    private static final int PATIENCE_SECONDS = 5;

    /** How long it is waited for replies before it is asked whether they are there still. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private final Function<Instant, @Nullable Ends> broker;
    private final Supplier<Map<Integer, Position>> read;
    private @Nullable Ends ends;
    private Instant lookedAt = Instant.MIN;

    /** Where the topic ended; partitions without a record are left out. */
    record Ends(Instant at, String topicId, Map<Integer, Long> offsets) {

        /** Whether not all that this one has is there any more. */
        private boolean isGoneIn(Ends later) {
            return !topicId.equals(later.topicId)
                    || offsets.entrySet().stream()
                            .anyMatch(end -> later.offsets.getOrDefault(end.getKey(), 0L) < end.getValue());
        }
    }

    /** How far a partition has been read. */
    record Position(String topicId, long nextOffset) {}

    /**
     * Waits for what a broker has to be read.
     *
     * @param broker where the topic ends; null if the broker does not say
     * @param read how far each partition has been read
     */
    KafkaWaitingReplies(Function<Instant, @Nullable Ends> broker, Supplier<Map<Integer, Position>> read) {
        this.broker = broker;
        this.read = read;
    }

    /** @param consumer whose positions count: rows of a name that the service once had stay where they were */
    static KafkaWaitingReplies of(Admin admin, JdbcOperations jdbc, String consumer) {
        return new KafkaWaitingReplies(new RepliesTopic(admin)::ends, () -> positions(jdbc, consumer));
    }

    @Override
    public Optional<Instant> readUpTo(Instant now) {
        if (ends == null) {
            lookedAt = now;
            ends = broker.apply(now);
        }
        if (ends == null) {
            return Optional.empty();
        }
        if (!isRead(ends)) {
            lookAgainNowAndThen(ends, now);
            return Optional.empty();
        }
        Instant at = ends.at();
        ends = null;
        return Optional.of(at);
    }

    private void lookAgainNowAndThen(Ends wanted, Instant now) {
        if (now.isBefore(lookedAt.plus(LOOK_AGAIN))) {
            return;
        }
        lookedAt = now;
        Ends present = broker.apply(now);
        if (present != null && wanted.isGoneIn(present)) {
            log.warn("{} is not what it was: replies that timers waited for are gone; they wait for what there is now",
                    Topics.SAGA_REPLIES);
            ends = present;
        }
    }

    private boolean isRead(Ends wanted) {
        Map<Integer, Position> positions = read.get();
        return wanted.offsets().entrySet().stream().allMatch(end -> {
            Position position = positions.get(end.getKey());
            return position != null
                    && position.topicId().equals(wanted.topicId())
                    && position.nextOffset() >= end.getValue();
        });
    }

    private static Map<Integer, Position> positions(JdbcOperations jdbc, String consumer) {
        Map<Integer, Position> positions = new HashMap<>();
        jdbc.query(
                "SELECT partition, topic_id, next_offset FROM messaging.position WHERE consumer = ? AND topic = ?",
                row -> {
                    positions.put(row.getInt(1), new Position(row.getString(2), row.getLong(3)));
                },
                consumer,
                Topics.SAGA_REPLIES);
        return positions;
    }

    /** The topic as the broker knows it. */
    private static final class RepliesTopic {

        private final Admin admin;
        private boolean reachable = true;

        RepliesTopic(Admin admin) {
            this.admin = admin;
        }

        private @Nullable Ends ends(Instant now) {
            try {
                TopicDescription topic = admin.describeTopics(List.of(Topics.SAGA_REPLIES))
                        .allTopicNames()
                        .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .get(Topics.SAGA_REPLIES);
                Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
                for (TopicPartitionInfo partition : Objects.requireNonNull(topic).partitions()) {
                    latest.put(new TopicPartition(Topics.SAGA_REPLIES, partition.partition()), OffsetSpec.latest());
                }
                Map<TopicPartition, ListOffsetsResultInfo> found =
                        admin.listOffsets(latest).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                Map<Integer, Long> offsets = new HashMap<>();
                found.forEach((partition, end) -> {
                    if (end.offset() > 0) {
                        offsets.put(partition.partition(), end.offset());
                    }
                });
                if (!reachable) {
                    log.info("The broker answers again; timers fire once the replies that waited are read");
                }
                reachable = true;
                return new Ends(now, topic.topicId().toString(), offsets);
            } catch (ExecutionException | TimeoutException e) {
                if (reachable) {
                    log.warn("The broker does not say where {} ends ({}); timers wait", Topics.SAGA_REPLIES, e.toString());
                }
                reachable = false;
                return null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }
    }
}
