package io.baton.messaging;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;

/** The rows that say how far a consumer has read. They are locked in the order of topic and partition, always. */
final class Positions {

    /** The offset of a partition that was never read. */
    static final long NEVER_READ = -1;

    static final Comparator<TopicPartition> LOCK_ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private static final String WANTED =
            "WHERE consumer = ? AND (topic, partition) IN (SELECT * FROM unnest(?::text[], ?::int[])) ";

    private static final String LIMIT_IDLENESS = "set_config('idle_in_transaction_session_timeout', ?, true)";

    private final JdbcOperations jdbc;
    private final String consumer;
    private final String idleMillisMax;

    /** A row as it is stored. */
    record Stored(long nextOffset, String topicId, byte @Nullable [] output) {}

    /** The offsets of the locked rows, with the database's time at the start of the transaction. */
    record Locked(Map<TopicPartition, Long> nextOffsets, Instant now) {}

    /** What a batch leaves behind for a partition. */
    record Advance(TopicPartition partition, long nextOffset, String topicId, byte @Nullable [] output) {}

    Positions(JdbcOperations jdbc, String consumer, Duration transactionIdleMax) {
        this.jdbc = jdbc;
        this.consumer = consumer;
        this.idleMillisMax = Long.toString(transactionIdleMax.toMillis());
    }

    /**
     * Locks the rows until the transaction ends, and has PostgreSQL end the transaction should this process stop in the
     * middle of it. Rows that do not exist are missing in the answer.
     */
    Locked lock(Set<TopicPartition> partitions) {
        List<TopicPartition> sorted = sorted(partitions);
        return jdbc.execute((ConnectionCallback<Locked>) connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT topic, partition, next_offset, now(), "
                    + LIMIT_IDLENESS + " FROM messaging.position " + WANTED + "ORDER BY topic, partition FOR UPDATE")) {
                select.setString(1, idleMillisMax);
                setPartitions(connection, select, 2, sorted);
                Map<TopicPartition, Long> offsets = new HashMap<>();
                Instant now = Instant.EPOCH;
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        offsets.put(new TopicPartition(rows.getString(1), rows.getInt(2)), rows.getLong(3));
                        now = rows.getObject(4, OffsetDateTime.class).toInstant();
                    }
                }
                return new Locked(offsets, now);
            }
        });
    }

    /** Reads the rows under their lock, after making those that do not exist yet. Stops as {@link #lock} does. */
    Map<TopicPartition, Stored> load(Map<TopicPartition, String> topicIds) {
        List<TopicPartition> sorted = sorted(topicIds.keySet());
        return jdbc.execute((ConnectionCallback<Map<TopicPartition, Stored>>) connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO messaging.position (consumer, topic, partition, topic_id, next_offset) "
                            + "SELECT ?, * , " + NEVER_READ + " FROM unnest(?::text[], ?::int[], ?::text[]) "
                            + "ON CONFLICT (consumer, topic, partition) DO NOTHING")) {
                setPartitions(connection, insert, 1, sorted);
                insert.setArray(4, connection.createArrayOf("text", sorted.stream().map(topicIds::get).toArray()));
                insert.executeUpdate();
            }
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT topic, partition, next_offset, topic_id, output, " + LIMIT_IDLENESS
                            + " FROM messaging.position " + WANTED + "ORDER BY topic, partition FOR UPDATE")) {
                select.setString(1, idleMillisMax);
                setPartitions(connection, select, 2, sorted);
                Map<TopicPartition, Stored> stored = new HashMap<>();
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        stored.put(
                                new TopicPartition(rows.getString(1), rows.getInt(2)),
                                new Stored(rows.getLong(3), rows.getString(4), rows.getBytes(5)));
                    }
                }
                return stored;
            }
        });
    }

    /** Advances rows that this transaction has locked, and replaces their output. */
    void save(List<Advance> advances) {
        List<Advance> sorted = new ArrayList<>(advances);
        sorted.sort(Comparator.comparing(Advance::partition, LOCK_ORDER));
        jdbc.execute((ConnectionCallback<Void>) connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE messaging.position p SET next_offset = u.next_offset, topic_id = u.topic_id, "
                            + "output = u.output "
                            + "FROM unnest(?::text[], ?::int[], ?::bigint[], ?::text[], ?::bytea[]) "
                            + "AS u (topic, partition, next_offset, topic_id, output) "
                            + "WHERE p.consumer = ? AND p.topic = u.topic AND p.partition = u.partition")) {
                update.setArray(1, text(connection, sorted.stream().map(a -> a.partition().topic())));
                update.setArray(
                        2,
                        connection.createArrayOf(
                                "int4", sorted.stream().map(a -> a.partition().partition()).toArray()));
                update.setArray(
                        3, connection.createArrayOf("int8", sorted.stream().map(Advance::nextOffset).toArray()));
                update.setArray(4, text(connection, sorted.stream().map(Advance::topicId)));
                update.setArray(
                        5, connection.createArrayOf("bytea", sorted.stream().map(Advance::output).toArray(byte[][]::new)));
                update.setString(6, consumer);
                int updated = update.executeUpdate();
                if (updated != sorted.size()) {
                    throw new IllegalStateException("Expected to advance " + sorted.size() + " positions but advanced "
                            + updated + "; the transaction is rolled back");
                }
            }
            return null;
        });
    }

    /** Forgets the output of partitions that are handed on in good order, so that the next owner need not repeat it. */
    void clearOutput(Map<TopicPartition, Long> nextOffsets) {
        lock(nextOffsets.keySet());
        for (Map.Entry<TopicPartition, Long> entry : nextOffsets.entrySet()) {
            jdbc.update(
                    "UPDATE messaging.position SET output = NULL "
                            + "WHERE consumer = ? AND topic = ? AND partition = ? AND next_offset = ?",
                    consumer,
                    entry.getKey().topic(),
                    entry.getKey().partition(),
                    entry.getValue());
        }
    }

    private void setPartitions(Connection connection, PreparedStatement statement, int at, List<TopicPartition> partitions)
            throws java.sql.SQLException {
        statement.setString(at, consumer);
        statement.setArray(at + 1, text(connection, partitions.stream().map(TopicPartition::topic)));
        statement.setArray(
                at + 2,
                connection.createArrayOf("int4", partitions.stream().map(TopicPartition::partition).toArray()));
    }

    private static Array text(Connection connection, java.util.stream.Stream<String> values) throws java.sql.SQLException {
        return connection.createArrayOf("text", values.toArray());
    }

    private static List<TopicPartition> sorted(Set<TopicPartition> partitions) {
        return partitions.stream().sorted(LOCK_ORDER).toList();
    }
}
