package io.baton.orchestrator.execution;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;

/** Reads sagas without locking them. Every query is bounded, however many sagas there are. */
public final class SagaQueries {

    /** How many ended sagas one query looks at, most. */
    static final int SCAN = 20_000;

    private static final String FROM = "SELECT " + Sagas.COLUMNS + ", s.updated_at FROM saga s "
            + "JOIN saga_data d ON d.id = s.id ";
    private static final Set<String> FINAL = Set.of("COMPLETED", "COMPENSATED");

    private final JdbcOperations jdbc;
    private final Sagas sagas;
    private final SagaDefinitions definitions;

    SagaQueries(JdbcOperations jdbc, Sagas sagas, SagaDefinitions definitions) {
        this.jdbc = jdbc;
        this.sagas = sagas;
        this.definitions = definitions;
    }

    /** A saga as it was at the time of the query. */
    public record Snapshot(StoredSaga saga, Instant updatedAt) {}

    /**
     * Sagas with decreasing id.
     *
     * @param next older sagas may be found below this id; null if there are none
     */
    public record Found(List<Snapshot> sagas, @Nullable Long next) {}

    /** A line of a saga's log, as it is stored. */
    public record LogLine(
            int seq,
            Instant at,
            @Nullable String from,
            String to,
            @Nullable String message,
            @Nullable String step,
            @Nullable String direction,
            @Nullable Integer attempt,
            String outcome,
            @Nullable String detail,
            @Nullable String commandPosition,
            @Nullable String replyPosition,
            @Nullable String actor) {}

    /** The states that a saga can be seen in. */
    public Set<String> states() {
        Set<String> states = new TreeSet<>(definitions.states());
        states.addAll(List.of("COMPENSATING", "COMPENSATED", "COMPLETED", "STUCK"));
        return states;
    }

    public Optional<Snapshot> find(long id) {
        return select(FROM + "WHERE s.id = ?", id).stream().findFirst();
    }

    /** The sagas about something: one for each definition, at most. */
    public List<Snapshot> about(long businessKey) {
        return select(FROM + "WHERE d.business_key = ? ORDER BY s.id DESC", businessKey);
    }

    public Found newest(long below, int limit) {
        return found(select(FROM + "WHERE s.id < ? ORDER BY s.id DESC LIMIT ?", below, limit), limit, null);
    }

    /**
     * The newest sagas in a state. Those that have not ended are found among the ones that the sweep has not met and
     * the ones that have a timer, which are all there can be; those that have ended by looking at {@link #SCAN} sagas.
     */
    public Found newestIn(String state, long below, int limit) {
        if (!FINAL.contains(state)) {
            return found(
                    select(
                            FROM + "WHERE s.id IN (SELECT id FROM saga WHERE id >= (SELECT swept_to FROM saga_sweep) "
                                    + "AND id < ? AND state = ? UNION SELECT saga_id FROM saga_timer WHERE "
                                    + "saga_id < ?) "
                                    + "AND s.state = ? ORDER BY s.id DESC LIMIT ?",
                            below,
                            state,
                            below,
                            state,
                            limit),
                    limit,
                    null);
        }
        Long lowest = jdbc.queryForObject(
                "SELECT CASE WHEN count(*) = ? THEN min(id) END "
                        + "FROM (SELECT id FROM saga WHERE id < ? ORDER BY id DESC LIMIT ?) AS looked",
                Long.class,
                SCAN,
                below,
                SCAN);
        return found(
                select(
                        FROM + "WHERE s.id < ? AND s.id >= ? AND s.state = ? ORDER BY s.id DESC LIMIT ?",
                        below,
                        lowest == null ? 0L : lowest,
                        state,
                        limit),
                limit,
                lowest);
    }

    /** What happened to a saga, from its start. */
    public List<LogLine> log(long id) {
        return jdbc.query(
                "SELECT seq, at, from_state, to_state, message, step, direction, attempt, outcome, detail, "
                        + "command_position, reply_position, actor FROM saga_log WHERE saga_id = ? ORDER BY seq",
                (row, number) -> new LogLine(
                        row.getInt("seq"),
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        row.getString("from_state"),
                        row.getString("to_state"),
                        row.getString("message"),
                        row.getString("step"),
                        row.getString("direction"),
                        row.getObject("attempt", Integer.class),
                        row.getString("outcome"),
                        row.getString("detail"),
                        row.getString("command_position"),
                        row.getString("reply_position"),
                        row.getString("actor")),
                id);
    }

    private static Found found(List<Snapshot> sagas, int limit, @Nullable Long lookedDownTo) {
        return new Found(sagas, sagas.size() == limit ? Long.valueOf(sagas.getLast().saga().id().value())
                : lookedDownTo);
    }

    private List<Snapshot> select(String sql, Object... parameters) {
        return Objects.requireNonNull(jdbc.execute((ConnectionCallback<List<Snapshot>>) connection ->
                select(connection, sql, parameters)));
    }

    private List<Snapshot> select(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                select.setObject(i + 1, parameters[i]);
            }
            List<Snapshot> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    Instant updatedAt = rows.getObject("updated_at", OffsetDateTime.class).toInstant();
                    found.add(new Snapshot(sagas.readLeniently(rows), updatedAt));
                }
            }
            return found;
        }
    }
}
