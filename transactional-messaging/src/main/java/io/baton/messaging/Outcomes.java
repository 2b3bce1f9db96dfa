package io.baton.messaging;

import io.baton.contract.SagaId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;

/** The outcomes that a participant remembers, by command key. */
final class Outcomes {

    private static final Comparator<Remembered> KEY_ORDER = Comparator.<Remembered>comparingLong(
                    r -> r.key().sagaId().value())
            .thenComparing(r -> r.key().step())
            .thenComparing(r -> r.key().direction());

    private final JdbcOperations jdbc;

    /**
     * One command's outcome.
     *
     * @param attempt the newest one that arrived while pending: the one to answer
     * @param replyType the wire name of the reply's type; absent exactly while pending
     */
    record Remembered(
            CommandKey key,
            OutcomeStatus status,
            int attempt,
            String replyKey,
            @Nullable String replyType,
            byte @Nullable [] reply,
            @Nullable String traceParent) {}

    /** How many outcomes were removed, and of which saga the last one was (0 if there were none). */
    record Forgotten(int rows, long lastSagaId) {}

    Outcomes(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** What is remembered of these commands. Does not lock: two who insert the same key are told apart by the insert. */
    Map<CommandKey, Remembered> find(Collection<CommandKey> keys) {
        if (keys.isEmpty()) {
            return new HashMap<>();
        }
        return jdbc.execute((ConnectionCallback<Map<CommandKey, Remembered>>) connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT o.saga_id, o.step, o.direction, o.status, o.attempt, o.reply_key, o.reply_type, o.reply, "
                            + "o.trace_parent FROM messaging.outcome o "
                            + "JOIN unnest(?::bigint[], ?::text[], ?::smallint[]) AS k (saga_id, step, direction) "
                            + "USING (saga_id, step, direction)")) {
                setKeys(connection, select, keys);
                Map<CommandKey, Remembered> found = new HashMap<>();
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        Remembered remembered = read(rows);
                        found.put(remembered.key(), remembered);
                    }
                }
                return found;
            }
        });
    }

    /** The outcome of one command, locked until the transaction ends; null if there is none. */
    @Nullable Remembered lock(CommandKey key) {
        List<Remembered> rows = jdbc.query(
                "SELECT saga_id, step, direction, status, attempt, reply_key, reply_type, reply, trace_parent "
                        + "FROM messaging.outcome WHERE saga_id = ? AND step = ? AND direction = ? FOR UPDATE",
                (row, number) -> read(row),
                key.sagaId().value(),
                key.step(),
                (short) key.direction().ordinal());
        return rows.isEmpty() ? null : rows.getFirst();
    }

    /**
     * Remembers new outcomes.
     *
     * @throws LostRaceException if one of the commands was handled by somebody else since {@link #find}; nothing may be
     *     committed then
     */
    void insert(List<Remembered> outcomes) {
        if (outcomes.isEmpty()) {
            return;
        }
        List<Remembered> sorted = new ArrayList<>(outcomes);
        sorted.sort(KEY_ORDER);
        int inserted = jdbc.execute((ConnectionCallback<Integer>) connection -> {
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO messaging.outcome (saga_id, step, "
                    + "direction, status, attempt, reply_key, reply_type, reply, trace_parent) "
                    + "SELECT * FROM unnest(?::bigint[], ?::text[], ?::smallint[], ?::smallint[], ?::int[], ?::text[], "
                    + "?::text[], ?::bytea[], ?::text[]) ON CONFLICT ON CONSTRAINT outcome_pkey DO NOTHING")) {
                setKeys(connection, insert, sorted.stream().map(Remembered::key).toList());
                insert.setArray(4, connection.createArrayOf("int2", shorts(sorted.stream().map(r -> r.status().ordinal()))));
                insert.setArray(5, connection.createArrayOf("int4", sorted.stream().map(Remembered::attempt).toArray()));
                insert.setArray(6, connection.createArrayOf("text", sorted.stream().map(Remembered::replyKey).toArray()));
                insert.setArray(7, connection.createArrayOf("text", sorted.stream().map(Remembered::replyType).toArray()));
                insert.setArray(
                        8, connection.createArrayOf("bytea", sorted.stream().map(Remembered::reply).toArray(byte[][]::new)));
                insert.setArray(
                        9, connection.createArrayOf("text", sorted.stream().map(Remembered::traceParent).toArray()));
                return insert.executeUpdate();
            }
        });
        if (inserted != sorted.size()) {
            throw new LostRaceException("Expected " + sorted.size() + " new outcomes but " + (sorted.size() - inserted)
                    + " of them were remembered by another transaction");
        }
    }

    /**
     * A pending command has come again: its newest attempt is the one to answer.
     *
     * @throws LostRaceException if it was answered since {@link #find}
     */
    void awaitNewerAttempt(CommandKey key, int attempt) {
        int updated = jdbc.update(
                "UPDATE messaging.outcome SET attempt = greatest(attempt, ?) "
                        + "WHERE saga_id = ? AND step = ? AND direction = ? AND status = 0",
                attempt,
                key.sagaId().value(),
                key.step(),
                (short) key.direction().ordinal());
        if (updated == 0) {
            throw new LostRaceException("Expected " + key + " to be pending but it was answered in this moment");
        }
    }

    /** A pending command has its answer. The row must be locked. */
    void answer(CommandKey key, OutcomeStatus status, String replyType, byte[] reply) {
        jdbc.update(
                "UPDATE messaging.outcome SET status = ?, reply_type = ?, reply = ? "
                        + "WHERE saga_id = ? AND step = ? AND direction = ?",
                (short) status.ordinal(),
                replyType,
                reply,
                key.sagaId().value(),
                key.step(),
                (short) key.direction().ordinal());
    }

    /** A pending command failed: its next attempt is handled anew. The row must be locked. */
    void forget(CommandKey key) {
        jdbc.update(
                "DELETE FROM messaging.outcome WHERE saga_id = ? AND step = ? AND direction = ?",
                key.sagaId().value(),
                key.step(),
                (short) key.direction().ordinal());
    }

    /**
     * Removes outcomes of sagas from one id up to, and without, another, in the order of the key. Those that are
     * pending or locked stay. Says in the same transaction up to where unknown may mean forgotten.
     */
    Forgotten forget(long fromSagaId, long beforeSagaId, int limit) {
        return Objects.requireNonNull(jdbc.queryForObject(
                "WITH due AS (SELECT saga_id, step, direction FROM messaging.outcome "
                        + "WHERE saga_id >= ? AND saga_id < ? AND status <> 0 "
                        + "ORDER BY saga_id, step, direction LIMIT ? FOR UPDATE SKIP LOCKED), "
                        + "gone AS (DELETE FROM messaging.outcome o USING due d "
                        + "WHERE o.saga_id = d.saga_id AND o.step = d.step AND o.direction = d.direction "
                        + "RETURNING o.saga_id), "
                        + "told AS (UPDATE messaging.forgotten SET below = greatest(below, "
                        + "(SELECT max(saga_id) + 1 FROM gone)) WHERE EXISTS (SELECT FROM gone)) "
                        + "SELECT count(*), coalesce(max(saga_id), 0) FROM gone",
                (row, number) -> new Forgotten(row.getInt(1), row.getLong(2)),
                fromSagaId,
                beforeSagaId,
                limit));
    }

    /** What is not known of sagas with lower ids may have been forgotten. */
    long forgottenBelow() {
        return Objects.requireNonNull(jdbc.queryForObject("SELECT below FROM messaging.forgotten", Long.class));
    }

    /** The database's time. */
    Instant now() {
        return Objects.requireNonNull(jdbc.queryForObject("SELECT now()", OffsetDateTime.class)).toInstant();
    }

    private static void setKeys(Connection connection, PreparedStatement statement, Collection<CommandKey> keys)
            throws SQLException {
        statement.setArray(
                1,
                connection.createArrayOf(
                        "int8", keys.stream().map(k -> k.sagaId().value()).toArray()));
        statement.setArray(2, connection.createArrayOf("text", keys.stream().map(CommandKey::step).toArray()));
        statement.setArray(
                3, connection.createArrayOf("int2", shorts(keys.stream().map(k -> k.direction().ordinal()))));
    }

    private static Object[] shorts(Stream<Integer> numbers) {
        return numbers.map(Integer::shortValue).toArray();
    }

    private static Remembered read(ResultSet row) throws SQLException {
        CommandKey key = new CommandKey(
                new SagaId(row.getLong(1)), row.getString(2), Direction.values()[row.getShort(3)]);
        return new Remembered(
                key,
                OutcomeStatus.values()[row.getShort(4)],
                row.getInt(5),
                row.getString(6),
                row.getString(7),
                row.getBytes(8),
                row.getString(9));
    }
}
