package io.baton.orchestrator.operator.deadletters;

import io.baton.contract.Topics;
import io.baton.orchestrator.operator.deadletters.DeadLetter.Origin;
import io.baton.orchestrator.operator.deadletters.DeadLetter.RawHeader;
import io.baton.orchestrator.operator.deadletters.DeadLetter.Settlement;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;

/** The table of dead letters. */
@Component
class DeadLetters {

    private static final String COLUMNS = "id, topic, partition, record_offset, at, record_key, header_names, "
            + "header_values, body, bytes, complete, type, saga_id, origin_topic, origin_partition, origin_offset, "
            + "exception, reason, status, settled_at, settled_by, settled_why, "
            + "settled_request";

    /** A list shows neither bodies nor headers, which may be large. */
    private static final String SHORT_COLUMNS = COLUMNS.replace("header_names, header_values, body", "NULL::bytea[] AS "
            + "header_names, NULL::bytea[] AS header_values, NULL::bytea AS body");

    private final JdbcOperations jdbc;

    /**
     * Which ones; null leaves that open, but for the notices of sagas that got stuck: they are meant where their topic or a
     * saga is named.
     *
     * @param below only those that were read before this one
     */
    record Filter(@Nullable String topic, @Nullable String status, @Nullable Long sagaId, long below, int limit) {}

    DeadLetters(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** Newest first; without headers and bodies. */
    List<DeadLetter> find(Filter filter) {
        StringBuilder where = new StringBuilder("id < ?");
        List<Object> parameters = new ArrayList<>(List.of(filter.below()));
        if (filter.topic() != null) {
            where.append(" AND topic = ?");
            parameters.add(filter.topic());
        }
        if (filter.status() != null) {
            where.append(" AND status = ?");
            parameters.add(filter.status());
        }
        if (filter.sagaId() != null) {
            where.append(" AND saga_id = ?");
            parameters.add(filter.sagaId());
        }
        if (filter.topic() == null && filter.sagaId() == null) {
            where.append(" AND topic <> ?");
            parameters.add(Topics.SAGA_DEAD_LETTERS);
        }
        parameters.add(filter.limit());
        return jdbc.query(
                "SELECT " + SHORT_COLUMNS + " FROM dead_letter WHERE " + where + " ORDER BY id DESC LIMIT ?",
                (row, number) -> letter(row),
                parameters.toArray());
    }

    Optional<DeadLetter> find(DeadLetterId id) {
        return select(id, "");
    }

    /** The same, locked until the transaction ends. */
    Optional<DeadLetter> lock(DeadLetterId id) {
        return select(id, " FOR UPDATE");
    }

    /** Without the notices of sagas that got stuck, as everywhere that dead letters are counted. */
    Map<String, Long> countByStatus() {
        Map<String, Long> counts = new TreeMap<>();
        jdbc.query("SELECT status, count(*) FROM dead_letter WHERE topic <> ? GROUP BY status", row -> {
            counts.put(row.getString(1), row.getLong(2));
        }, Topics.SAGA_DEAD_LETTERS);
        return counts;
    }

    /** The database's time. */
    Instant now() {
        return Objects.requireNonNull(jdbc.queryForObject("SELECT now()", OffsetDateTime.class)).toInstant();
    }

    void settle(DeadLetterId id, Settlement settlement) {
        jdbc.update(
                "UPDATE dead_letter SET status = ?, settled_at = ?, settled_by = ?, settled_why = ?, "
                        + "settled_request = ? "
                        + "WHERE topic = ? AND partition = ? AND record_offset = ?",
                settlement.status(),
                settlement.at() == null ? null : settlement.at().atOffset(ZoneOffset.UTC),
                settlement.by(),
                settlement.why(),
                settlement.request(),
                id.topic(),
                id.partition(),
                id.offset());
    }

    /** From where each partition is to be read; those that were never read are missing. */
    Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new HashMap<>();
        jdbc.query("SELECT topic, partition, next_offset FROM dead_letter_position", row -> {
            positions.put(new TopicPartition(row.getString(1), row.getInt(2)), row.getLong(3));
        });
        return positions;
    }

    /**
     * Keeps the letters and how far was read, in the caller's transaction. One that is there already stays as it is, so it
     * does no harm if several instances read the same, or one reads again after a crash; only a record of another time at
     * the same place, in a topic that was made anew, takes the other's place.
     */
    void keep(Collection<DeadLetter> letters, Map<TopicPartition, Long> nextOffsets) {
        jdbc.execute((ConnectionCallback<Void>) connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO dead_letter AS l (topic, partition, record_offset, at, record_key, header_names, "
                            + "header_values, body, bytes, complete, type, saga_id, origin_topic, origin_partition, "
                            + "origin_offset, exception, reason) "
                            + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                            + "ON CONFLICT ON CONSTRAINT dead_letter_record DO UPDATE SET at = excluded.at, "
                            + "record_key = excluded.record_key, header_names = excluded.header_names, "
                            + "header_values = excluded.header_values, body = excluded.body, bytes = excluded.bytes, "
                            + "complete = excluded.complete, type = excluded.type, saga_id = excluded.saga_id, "
                            + "origin_topic = excluded.origin_topic, origin_partition = excluded.origin_partition, "
                            + "origin_offset = excluded.origin_offset, exception = excluded.exception, "
                            + "reason = excluded.reason, status = 'NEW', settled_at = NULL, settled_by = NULL, "
                            + "settled_why = NULL, settled_request = NULL WHERE l.at <> excluded.at")) {
                for (DeadLetter letter : letters) {
                    set(connection, insert, letter);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            return null;
        });
        nextOffsets.forEach((partition, next) -> jdbc.update(
                "INSERT INTO dead_letter_position (topic, partition, next_offset) VALUES (?, ?, ?) "
                        + "ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset",
                partition.topic(),
                partition.partition(),
                next));
    }

    private static void set(Connection connection, PreparedStatement insert, DeadLetter letter) throws SQLException {
        Origin origin = letter.origin();
        insert.setString(1, letter.id().topic());
        insert.setInt(2, letter.id().partition());
        insert.setLong(3, letter.id().offset());
        insert.setObject(4, letter.at().atOffset(ZoneOffset.UTC));
        insert.setBytes(5, letter.key());
        insert.setArray(6, bytes(connection, letter.headers().stream().map(RawHeader::name).toArray(byte[][]::new)));
        insert.setArray(7, bytes(connection, letter.headers().stream().map(RawHeader::value).toArray(byte[][]::new)));
        insert.setBytes(8, letter.body());
        insert.setInt(9, letter.bytes());
        insert.setBoolean(10, letter.isComplete());
        insert.setString(11, letter.type());
        insert.setObject(12, letter.sagaId(), Types.BIGINT);
        insert.setString(13, origin == null ? null : origin.topic());
        insert.setObject(14, origin == null ? null : (Integer) origin.partition(), Types.INTEGER);
        insert.setObject(15, origin == null ? null : (Long) origin.offset(), Types.BIGINT);
        insert.setString(16, letter.exception());
        insert.setString(17, letter.reason());
    }

    private static Array bytes(Connection connection, byte[][] values) throws SQLException {
        return connection.createArrayOf("bytea", values);
    }

    private Optional<DeadLetter> select(DeadLetterId id, String lock) {
        return jdbc
                .query(
                        "SELECT " + COLUMNS + " FROM dead_letter WHERE topic = ? AND partition = ? "
                                + "AND record_offset = ?" + lock,
                        (row, number) -> letter(row),
                        id.topic(),
                        id.partition(),
                        id.offset())
                .stream()
                .findFirst();
    }

    private static DeadLetter letter(ResultSet row) throws SQLException {
        String originTopic = row.getString("origin_topic");
        return new DeadLetter(
                row.getLong("id"),
                new DeadLetterId(row.getString("topic"), row.getInt("partition"), row.getLong("record_offset")),
                instant(row, "at"),
                row.getBytes("record_key"),
                headers(row),
                row.getBytes("body"),
                row.getInt("bytes"),
                row.getBoolean("complete"),
                row.getString("type"),
                row.getObject("saga_id", Long.class),
                originTopic == null
                        ? null
                        : new Origin(originTopic, row.getInt("origin_partition"), row.getLong("origin_offset")),
                row.getString("exception"),
                row.getString("reason"),
                new Settlement(
                        row.getString("status"),
                        row.getObject("settled_at") == null ? null : instant(row, "settled_at"),
                        row.getString("settled_by"),
                        row.getString("settled_why"),
                        row.getObject("settled_request", UUID.class)));
    }

    private static List<RawHeader> headers(ResultSet row) throws SQLException {
        Array names = row.getArray("header_names");
        if (names == null) {
            return List.of();
        }
        byte[][] name = (byte[][]) names.getArray();
        byte[][] value = (byte[][]) row.getArray("header_values").getArray();
        List<RawHeader> headers = new ArrayList<>();
        for (int i = 0; i < name.length; i++) {
            headers.add(new RawHeader(name[i], value[i]));
        }
        return headers;
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
