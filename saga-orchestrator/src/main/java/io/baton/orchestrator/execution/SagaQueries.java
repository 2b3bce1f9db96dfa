package io.baton.orchestrator.execution;

import io.baton.contract.SagaId;
import io.baton.contract.Tsid;
import io.baton.orchestrator.saga.Step;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;

/** Reads sagas without locking them. Every query is bounded, however many sagas there are. */
public final class SagaQueries {

    /** How many ended sagas one query looks at, most. */
    static final int SCAN = 20_000;

    /** How many sagas are read at once where the program has to look at each. */
    private static final int WINDOW = 2_000;

    private static final String COLUMNS = SagaRows.COLUMNS
            + ", s.updated_at, k.since, k.error, k.snoozed_until, a.assignee, a.note";

    private static final String FROM = "SELECT " + COLUMNS + " FROM saga s JOIN saga_data d ON d.id = s.id "
            + "LEFT JOIN saga_stuck k ON k.saga_id = s.id LEFT JOIN saga_attention a ON a.saga_id = s.id ";

    private final JdbcOperations jdbc;
    private final SagaRows sagaRows;
    private final SagaDefinitions definitions;

    SagaQueries(JdbcOperations jdbc, SagaDefinitions definitions) {
        this.jdbc = jdbc;
        sagaRows = new SagaRows(definitions);
        this.definitions = definitions;
    }

    /**
     * A saga as it was at the time of the query.
     *
     * @param stuckSince null if it is not stuck
     * @param error what its participant said when it got stuck, or why it was being undone
     * @param assignee who sees to it
     * @param note what operators want one another to know
     * @param snoozedUntil until when it is put off, which may be over
     */
    public record Snapshot(
            StoredSaga saga,
            Instant updatedAt,
            @Nullable Instant stuckSince,
            @Nullable String error,
            @Nullable String assignee,
            @Nullable String note,
            @Nullable Instant snoozedUntil) {}

    /**
     * Some sagas.
     *
     * @param next more may be found behind this id; null if there are none
     */
    public record Found(List<Snapshot> sagas, @Nullable Long next) {}

    /** An answer that changed nothing, as it is stored. */
    public record StaleLine(
            Instant at,
            String step,
            String direction,
            int attempt,
            String outcome,
            String detail,
            @Nullable String replyPosition) {}

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

    /** The sagas with these ids that there are, by increasing id. */
    public List<Snapshot> find(Collection<SagaId> ids) {
        Object values = ids.stream().map(SagaId::value).toArray(Long[]::new);
        return select(FROM + "WHERE s.id = ANY (?) ORDER BY s.id", values);
    }

    /**
     * The sagas that are meant, by age. At most {@link #SCAN} sagas are looked at, so a page can be short, even empty, and
     * have a next.
     *
     * @param after the id that the page begins behind; null for the first page
     * @param limit from 1
     */
    public Found page(SagaFilter filter, boolean oldestFirst, @Nullable Long after, int limit) {
        return pageFrom(filter, oldestFirst, beginning(filter, oldestFirst, after), limit);
    }

    /** Where the first that is old or young enough can be: otherwise it would be looked for among many that are not. */
    private static @Nullable Long beginning(SagaFilter filter, boolean oldestFirst, @Nullable Long after) {
        Instant bound = oldestFirst ? filter.startedAfter() : filter.startedBefore();
        if (bound == null) {
            return after;
        }
        long first = Tsid.floor(bound.toEpochMilli());
        if (oldestFirst) {
            return after == null ? (Long) (first - 1) : (Long) Math.max(after, first - 1);
        }
        return after == null ? (Long) first : (Long) Math.min(after, first);
    }

    private Found pageFrom(SagaFilter filter, boolean oldestFirst, @Nullable Long after, int limit) {
        boolean isAtStep = filter.step() != null || filter.participant() != null;
        if (filter.isOfStuck() || !isAtStep && !filter.isOfAllOpen()) {
            return select(filter, oldestFirst, after, limit);
        }
        Found moving = isAtStep
                ? lookThrough(filter, oldestFirst, after, limit)
                : select(filter, oldestFirst, after, limit);
        return filter.state() != null && !filter.isOfAllOpen()
                ? moving
                : merged(moving, select(filter.ofStuck(), oldestFirst, after, limit), oldestFirst, limit);
    }

    /** The first of two lists in the same order, as far as both were looked through. */
    private static Found merged(Found some, Found others, boolean oldestFirst, int limit) {
        Comparator<Snapshot> byId = Comparator.comparing(snapshot -> snapshot.saga().id().value());
        Comparator<Snapshot> order = oldestFirst ? byId : byId.reversed();
        Comparator<Long> ids = oldestFirst ? Comparator.naturalOrder() : Comparator.reverseOrder();
        Long bound = Stream.of(some, others).map(Found::next).filter(Objects::nonNull).min(ids).orElse(null);
        List<Snapshot> all = Stream.concat(some.sagas().stream(), others.sagas().stream())
                .filter(snapshot -> bound == null || ids.compare(snapshot.saga().id().value(), bound) <= 0)
                .sorted(order)
                .toList();
        return all.size() > limit
                ? new Found(all.subList(0, limit), lastOf(all.subList(0, limit)))
                : new Found(all, bound);
    }

    private Found select(SagaFilter filter, boolean oldestFirst, @Nullable Long after, int limit) {
        boolean isBounded = SagaSelection.looksAtAll(filter) && !filter.equals(SagaFilter.ALL);
        Long until = isBounded ? boundary(oldestFirst, after) : null;
        Instant least = oldestFirst ? filter.startedBefore() : filter.startedAfter();
        if (until != null && least != null && until < Tsid.floor(least.toEpochMilli()) != oldestFirst) {
            until = null; // All that can be meant are nearer.
        }
        List<Snapshot> found = rows(new SagaSelection(COLUMNS, filter, oldestFirst, after, until, limit));
        return new Found(found, found.size() == limit ? lastOf(found) : until);
    }

    /** Where a saga is stands in its trail, which only the program can read. */
    private Found lookThrough(SagaFilter filter, boolean oldestFirst, @Nullable Long after, int limit) {
        List<Snapshot> found = new ArrayList<>();
        Long looked = after;
        for (int seen = 0; seen < SCAN; seen += WINDOW) {
            List<Snapshot> window = rows(new SagaSelection(COLUMNS, filter, oldestFirst, looked, null, WINDOW));
            for (Snapshot snapshot : window) {
                looked = (Long) snapshot.saga().id().value();
                if (isAt(snapshot.saga(), filter)) {
                    found.add(snapshot);
                    if (found.size() == limit) {
                        return new Found(found, looked);
                    }
                }
            }
            if (window.size() < WINDOW) {
                return new Found(found, null);
            }
        }
        return new Found(found, looked);
    }

    private boolean isAt(StoredSaga stored, SagaFilter filter) {
        if (stored.definition() == null) {
            return false;
        }
        return stored.saga().openSteps(stored.definition()).stream()
                .map(Step::name)
                .filter(step -> filter.step() == null || filter.step().equals(step))
                .anyMatch(step -> filter.participant() == null
                        || filter.participant().equals(definitions.participant(stored, step)));
    }

    /** The id of the last saga that a page looks at; null if there are not so many. */
    private @Nullable Long boundary(boolean oldestFirst, @Nullable Long after) {
        String order = oldestFirst ? "id > ? ORDER BY id" : "id < ? ORDER BY id DESC";
        long from = after != null ? after : oldestFirst ? Long.MIN_VALUE : Long.MAX_VALUE;
        return jdbc
                .queryForList(
                        "SELECT id FROM saga WHERE " + order + " OFFSET " + (SCAN - 1) + " LIMIT 1", Long.class, from)
                .stream()
                .findFirst()
                .orElse(null);
    }

    /** The database's time. */
    public Instant now() {
        return Objects.requireNonNull(jdbc.queryForObject("SELECT now()", OffsetDateTime.class)).toInstant();
    }

    /** A record about a saga that was put aside; id is where it lies, as {@code topic-partition-offset}. */
    public record Letter(String id, String topic, @Nullable String type, Instant at, String status) {}

    /** The dead letters of a saga, newest first; at most {@code limit}. */
    public List<Letter> deadLetters(long id, int limit) {
        return jdbc.query(
                "SELECT topic || '-' || partition || '-' || record_offset, topic, type, at, status FROM dead_letter "
                        + "WHERE saga_id = ? ORDER BY id DESC LIMIT ?",
                (row, number) -> new Letter(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getObject(4, OffsetDateTime.class).toInstant(),
                        row.getString(5)),
                id,
                limit);
    }

    /** The trace of the request that started a saga, if it had one. */
    public Optional<String> traceId(long id) {
        return jdbc
                .query(
                        "SELECT substr(trace_parent, 4, 32) FROM saga_data WHERE id = ? AND trace_parent IS NOT NULL",
                        (row, number) -> row.getString(1),
                        id)
                .stream()
                .findFirst();
    }

    /** Answers to the saga that changed nothing, in the order in which they came; at most {@code limit}. */
    public List<StaleLine> stale(long id, int limit) {
        return jdbc.query(
                "SELECT at, step, direction, attempt, outcome, detail, reply_position FROM saga_stale_reply "
                        + "WHERE saga_id = ? ORDER BY at, reply_position LIMIT ?",
                (row, number) -> new StaleLine(
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        row.getString("step"),
                        row.getString("direction"),
                        row.getInt("attempt"),
                        row.getString("outcome"),
                        row.getString("detail"),
                        row.getString("reply_position")),
                id,
                limit);
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

    private static @Nullable Long lastOf(List<Snapshot> sagas) {
        return sagas.isEmpty() ? null : Long.valueOf(sagas.getLast().saga().id().value());
    }

    private List<Snapshot> rows(SagaSelection selection) {
        return select(selection.sql(), selection.parameters().toArray());
    }

    private List<Snapshot> select(String sql, @Nullable Object... parameters) {
        return Objects.requireNonNull(jdbc.execute((ConnectionCallback<List<Snapshot>>) connection ->
                select(connection, sql, parameters)));
    }

    private List<Snapshot> select(Connection connection, String sql, @Nullable Object... parameters)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                select.setObject(i + 1, parameters[i]);
            }
            List<Snapshot> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(new Snapshot(
                            sagaRows.readLeniently(rows),
                            Objects.requireNonNull(instant(rows, "updated_at")),
                            instant(rows, "since"),
                            rows.getString("error"),
                            rows.getString("assignee"),
                            rows.getString("note"),
                            instant(rows, "snoozed_until")));
                }
            }
            return found;
        }
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
