package io.baton.orchestrator.execution;

import io.baton.contract.Topics;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
 * Used by one thread.
 */
final class KafkaWaitingReplies implements WaitingReplies {

    private static final Logger log = LoggerFactory.getLogger(KafkaWaitingReplies.class);
    private static final int PATIENCE_SECONDS = 5;

    private final Admin admin;
    private final JdbcOperations jdbc;
    private final String consumer;
    private @Nullable Ends ends;
    private boolean reachable = true;

    /** Where the topic ended; partitions without a record are left out. */
    private record Ends(Instant at, String topicId, Map<Integer, Long> offsets) {}

    private record Position(String topicId, long nextOffset) {}

    /** @param consumer whose positions count: rows of a name that the service once had stay where they were */
    KafkaWaitingReplies(Admin admin, JdbcOperations jdbc, String consumer) {
        this.admin = admin;
        this.jdbc = jdbc;
        this.consumer = consumer;
    }

    @Override
    public Optional<Instant> readUpTo(Instant now) {
        if (ends == null) {
            ends = capture(now);
        }
        if (ends == null || !isRead(ends)) {
            return Optional.empty();
        }
        Instant at = ends.at();
        ends = null;
        return Optional.of(at);
    }

    private boolean isRead(Ends wanted) {
        Map<Integer, Position> positions = new HashMap<>();
        jdbc.query(
                "SELECT partition, topic_id, next_offset FROM messaging.position WHERE consumer = ? AND topic = ?",
                row -> {
                    positions.put(row.getInt(1), new Position(row.getString(2), row.getLong(3)));
                },
                consumer,
                Topics.SAGA_REPLIES);
        return wanted.offsets().entrySet().stream().allMatch(end -> {
            Position position = positions.get(end.getKey());
            return position != null
                    && position.topicId().equals(wanted.topicId())
                    && position.nextOffset() >= end.getValue();
        });
    }

    private @Nullable Ends capture(Instant now) {
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
