package io.baton.orchestrator.execution;

import io.baton.orchestrator.saga.Reason;
import io.baton.orchestrator.saga.Stuck;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * The sagas' tables. Each method is one statement, however many sagas it is about, and finds its rows by primary key.
 *
 * <p>Locks are taken in one order everywhere: sagas by id, then their timers by id. Whoever takes sagas out of order
 * takes only those that nobody holds.
 */
final class Sagas {

    private final JdbcOperations jdbc;
    private final SagaDefinitions definitions;
    private final SagaRows sagaRows;

    /**
     * What was found and locked.
     *
     * @param unreadable what is wrong with the sagas whose row cannot be understood, by id
     */
    record Found(List<StoredSaga> sagas, Map<Long, String> unreadable) {

        static final Found NOTHING = new Found(List.of(), Map.of());
    }

    /** What a saga is about; there is one saga at most for each. */
    record About(String definition, long businessKey) {}

    /**
     * What is stored of the request that starts a saga, beside its body.
     *
     * @param traceParent its trace, where it has one
     * @param search what the saga is found by, beside its ids; null if by nothing
     */
    record RequestFacts(@Nullable String traceParent, @Nullable String search) {

        static final RequestFacts NONE = new RequestFacts(null, null);
    }

    /**
     * The sagas that were stored.
     *
     * @param sweptTo how far the sweep had come by then
     */
    record Begun(Set<Long> stored, long sweptTo) {}

    Sagas(JdbcOperations jdbc, SagaDefinitions definitions) {
        this.jdbc = jdbc;
        this.definitions = definitions;
        sagaRows = new SagaRows(definitions);
    }

    /** Locks the sagas until the transaction ends. */
    Found lock(Collection<Long> ids) {
        return query(
                "SELECT " + SagaRows.COLUMNS + " FROM saga s JOIN saga_data d ON d.id = s.id WHERE s.id = ANY (?) "
                        + "ORDER BY s.id FOR UPDATE OF s",
                (connection, select) -> select.setArray(1, longs(connection, ids)));
    }

    /** The ids of the sagas about something, without locking them: what a saga is about never changes. */
    Map<About, Long> idsAbout(Collection<About> wanted) {
        if (wanted.isEmpty()) {
            return Map.of();
        }
        return execute(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT d.definition, d.business_key, d.id FROM unnest(?::text[], ?::int8[]) AS u (definition, "
                            + "business_key) JOIN saga_data d ON d.business_key = u.business_key "
                            + "AND d.definition = u.definition")) {
                select.setArray(1, array(connection, "text", wanted, About::definition));
                select.setArray(2, array(connection, "int8", wanted, About::businessKey));
                Map<About, Long> ids = new HashMap<>();
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        ids.put(new About(rows.getString(1), rows.getLong(2)), rows.getLong(3));
                    }
                }
                return ids;
            }
        });
    }

    /** The traces of the requests that started the sagas, by saga, where they had one. */
    Map<Long, String> traceParents(Collection<Long> ids) {
        return execute(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT id, trace_parent FROM saga_data WHERE id = ANY (?) AND trace_parent IS NOT NULL")) {
                select.setArray(1, longs(connection, ids));
                Map<Long, String> parents = new HashMap<>();
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        parents.put(rows.getLong(1), rows.getString(2));
                    }
                }
                return parents;
            }
        });
    }

    /** Locks some sagas whose timers are due, earliest first, leaving out those that somebody holds. */
    Found lockDue(Instant dueBefore, int limit) {
        return query(
                "SELECT " + SagaRows.COLUMNS + " FROM saga_timer t JOIN saga s ON s.id = t.saga_id JOIN saga_data d ON "
                        + "d.id = s.id "
                        + "WHERE t.due_at <= ? ORDER BY t.due_at LIMIT ? FOR UPDATE OF s SKIP LOCKED",
                (connection, select) -> {
                    select.setObject(1, dueBefore.atOffset(ZoneOffset.UTC));
                    select.setInt(2, limit);
                });
    }

    /**
     * Stores what never changes, where there is no saga for the key yet.
     *
     * @param facts by id
     */
    Begun insertData(Collection<StoredSaga> started, Map<Long, RequestFacts> facts) {
        return execute(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO saga_data (id, definition, definition_version, definition_hash, business_key, "
                            + "created_at, body, trace_parent, search) "
                            + "SELECT * FROM (SELECT unnest(?::int8[]), unnest(?::text[]), unnest(?::int4[]), "
                            + "unnest(?::text[]), unnest(?::int8[]) AS business_key, ?::timestamptz, "
                            + "unnest(?::bytea[]), unnest(?::text[]), unnest(?::text[])) AS new "
                            + "ORDER BY business_key "
                            + "ON CONFLICT ON CONSTRAINT saga_data_business_key DO NOTHING "
                            + "RETURNING id, (SELECT swept_to FROM saga_sweep)")) {
                insert.setArray(1, array(connection, "int8", started, saga -> saga.id().value()));
                insert.setArray(2, array(connection, "text", started, StoredSaga::definitionName));
                insert.setArray(3, array(connection, "int4", started, StoredSaga::definitionVersion));
                insert.setArray(4, array(connection, "text", started, this::hash));
                insert.setArray(5, array(connection, "int8", started, StoredSaga::businessKey));
                insert.setObject(6, started.iterator().next().saga().startedAt().atOffset(ZoneOffset.UTC));
                insert.setArray(
                        7, connection.createArrayOf("bytea", started.stream().map(StoredSaga::body)
                                .toArray(byte[][]::new)));
                insert.setArray(
                        8, array(connection, "text", started, saga -> factsOf(saga, facts).traceParent()));
                insert.setArray(9, array(connection, "text", started, saga -> factsOf(saga, facts).search()));
                Set<Long> stored = new HashSet<>();
                long sweptTo = 0;
                try (ResultSet rows = insert.executeQuery()) {
                    while (rows.next()) {
                        stored.add(rows.getLong(1));
                        sweptTo = rows.getLong(2);
                    }
                }
                return new Begun(stored, sweptTo);
            }
        });
    }

    private static RequestFacts factsOf(StoredSaga saga, Map<Long, RequestFacts> facts) {
        return facts.getOrDefault(saga.id().value(), RequestFacts.NONE);
    }

    void insert(Collection<StoredSaga> started, Instant now) {
        execute(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO saga (id, version, phase, updated_at, state, trail) "
                            + "SELECT id, version, phase, ?, state, trail FROM unnest(?::int8[], ?::int4[], ?::int2[], "
                            + "?::text[], ?::bytea[]) AS new (id, version, phase, state, trail)")) {
                insert.setObject(1, now.atOffset(ZoneOffset.UTC));
                setHeads(connection, insert, 2, started);
                return insert.executeUpdate();
            }
        });
    }

    /**
     * Saves the sagas as they are now.
     *
     * @param loadedVersions by id, what the version was when it was locked
     * @throws IllegalStateException if one has another version in the database: the transaction must be rolled back
     */
    void update(Collection<StoredSaga> changed, Map<Long, Integer> loadedVersions, Instant now) {
        int updated = execute(connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE saga s SET version = new.version, phase = new.phase, state = new.state, trail = new.trail, "
                            + "updated_at = ?, reason_code = new.reason_code, reason_step = new.reason_step, "
                            + "reason_message = new.reason_message, stuck_code = new.stuck_code, "
                            + "stuck_step = new.stuck_step, stuck_message = new.stuck_message, "
                            + "stuck_from = new.stuck_from FROM unnest(?::int8[], ?::int4[], ?::int2[], ?::text[], "
                            + "?::bytea[], ?::int4[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], "
                            + "?::text[], "
                            + "?::int2[]) AS new (id, version, phase, state, trail, loaded, reason_code, reason_step, "
                            + "reason_message, stuck_code, stuck_step, stuck_message, stuck_from) "
                            + "WHERE s.id = new.id AND s.version = new.loaded")) {
                update.setObject(1, now.atOffset(ZoneOffset.UTC));
                setHeads(connection, update, 2, changed);
                update.setArray(7, array(connection, "int4", changed, saga -> loadedVersions.get(saga.id().value())));
                update.setArray(8, reasons(connection, changed, Reason::code));
                update.setArray(9, reasons(connection, changed, Reason::step));
                update.setArray(10, reasons(connection, changed, Reason::message));
                update.setArray(11, stucks(connection, "text", changed, stuck -> stuck.code().name()));
                update.setArray(12, stucks(connection, "text", changed, Stuck::step));
                update.setArray(13, stucks(connection, "text", changed, Stuck::message));
                update.setArray(14, stucks(connection, "int2", changed, stuck -> (short) stuck.from().ordinal()));
                return update.executeUpdate();
            }
        });
        if (updated != changed.size()) {
            throw new IllegalStateException("Expected to update " + changed.size() + " sagas but updated " + updated
                    + ": somebody changed one without its lock");
        }
    }

    /** Notes whether operators hold everything that the sagas say; the transaction has locked them. */
    void setPaused(Collection<Long> ids, boolean paused) {
        jdbc.update(connection -> {
            PreparedStatement update =
                    connection.prepareStatement("UPDATE saga SET paused = ? WHERE id = ANY (?)");
            update.setBoolean(1, paused);
            update.setArray(2, longs(connection, ids));
            return update;
        });
    }

    /** Stops the clocks that go; the transaction has locked the sagas. */
    void stopClocks(Collection<Long> ids, Instant now) {
        jdbc.update(connection -> {
            PreparedStatement update = connection.prepareStatement(
                    "UPDATE saga SET stopped_at = ? WHERE id = ANY (?) AND stopped_at IS NULL");
            update.setObject(1, now.atOffset(ZoneOffset.UTC));
            update.setArray(2, longs(connection, ids));
            return update;
        });
    }

    /** Lets the clocks that stand go on, and ends the pause of sagas that have ended; the transaction has locked them. */
    void startClocks(Collection<Long> ids, Instant now) {
        jdbc.update(connection -> {
            PreparedStatement update = connection.prepareStatement(
                    "UPDATE saga SET stopped_at = NULL, paused = paused AND phase NOT IN (2, 3), stood_still = "
                            + "coalesce(stood_still, 0) "
                            + "+ greatest(0, (extract(epoch FROM ? - stopped_at) * 1000)::bigint) "
                            + "WHERE id = ANY (?) AND stopped_at IS NOT NULL");
            update.setObject(1, now.atOffset(ZoneOffset.UTC));
            update.setArray(2, longs(connection, ids));
            return update;
        });
    }

    private @Nullable String hash(StoredSaga saga) {
        return saga.definition() == null ? null : definitions.hash(saga.definition());
    }

    private static void setHeads(Connection connection, PreparedStatement statement, int at,
            Collection<StoredSaga> sagas)
            throws SQLException {
        statement.setArray(at, array(connection, "int8", sagas, saga -> saga.id().value()));
        statement.setArray(at + 1, array(connection, "int4", sagas, StoredSaga::version));
        statement.setArray(
                at + 2, array(connection, "int2", sagas, saga -> (short) saga.saga().phase().ordinal()));
        statement.setArray(at + 3, array(connection, "text", sagas, StoredSaga::state));
        statement.setArray(
                at + 4,
                connection.createArrayOf(
                        "bytea",
                        sagas.stream()
                                .map(saga -> TrailCodec.encode(saga.saga()))
                                .toArray(byte[][]::new)));
    }

    private static java.sql.Array reasons(
            Connection connection, Collection<StoredSaga> sagas, Function<Reason, String> part) throws SQLException {
        return array(connection, "text", sagas, saga -> saga.saga().reason() == null ? null
                : part.apply(saga.saga().reason()));
    }

    private static java.sql.Array stucks(
            Connection connection, String type, Collection<StoredSaga> sagas, Function<Stuck, Object> part)
            throws SQLException {
        return array(connection, type, sagas, saga -> saga.saga().stuck() == null ? null
                : part.apply(saga.saga().stuck()));
    }

    static <T> java.sql.Array array(
            Connection connection, String type, Collection<T> rows, Function<T, @Nullable Object> column)
            throws SQLException {
        return connection.createArrayOf(type, rows.stream().map(column).toArray());
    }

    private static java.sql.Array longs(Connection connection, Collection<Long> values) throws SQLException {
        return connection.createArrayOf("int8", values.toArray());
    }

    private interface Parameters {
        void set(Connection connection, PreparedStatement statement) throws SQLException;
    }

    private Found query(String sql, Parameters parameters) {
        return execute(connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                parameters.set(connection, select);
                List<StoredSaga> sagas = new ArrayList<>();
                Map<Long, String> unreadable = new HashMap<>();
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        try {
                            sagas.add(sagaRows.read(rows));
                        } catch (IllegalArgumentException | ArithmeticException | ArrayIndexOutOfBoundsException e) {
                            unreadable.put(rows.getLong("id"), String.valueOf(e.getMessage()));
                        }
                    }
                }
                return new Found(sagas, unreadable);
            }
        });
    }

    private <T> T execute(ConnectionCallback<T> callback) {
        return Objects.requireNonNull(jdbc.execute(callback));
    }
}
