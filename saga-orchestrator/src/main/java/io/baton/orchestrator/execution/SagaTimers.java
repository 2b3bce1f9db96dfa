package io.baton.orchestrator.execution;

import io.baton.contract.Tsid;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * The timers' tables. A saga gets a timer only when it asks for one or the sweep meets it still open, so a saga that
 * ends in time costs nothing here. For every open saga behind the sweep there is a timer that is due no later than the
 * saga.
 */
final class SagaTimers {

    private static final long NEVER = Long.MAX_VALUE;

    /** Milliseconds are rounded up when they are made, so that a timer never fires before its saga is due. */
    private static final String NEW = "(SELECT id, CASE WHEN millis = " + NEVER
            + " THEN 'infinity'::timestamptz ELSE to_timestamp(millis / 1000.0) END AS due_at "
            + "FROM unnest(?::int8[], ?::int8[]) AS u (id, millis)) AS new ";

    private static final String IN_THE_SWEEP = "s.id >= ? AND s.id < ?";
    private static final String THESE = "s.id = ANY (?)";

    /** Gives every open saga a timer. */
    private static final String WAKE = "INSERT INTO saga_timer (saga_id, due_at) SELECT s.id, ? FROM saga s "
            + "WHERE %s AND s.phase IN (0, 1) ORDER BY s.id ON CONFLICT (saga_id) DO NOTHING";

    /** Has sagas found by what they are about. */
    private static final String FIND = "INSERT INTO saga_search (search, saga_id) SELECT s.search, s.id FROM saga_data s "
            + "WHERE %s AND s.search IS NOT NULL ORDER BY s.search, s.id ON CONFLICT DO NOTHING";

    /** Adds what the sweep passes to the totals; what ended and has a timer is added when that is forgotten. */
    private static final String COUNT = "INSERT INTO saga_total AS t (definition, started, completed, compensated) "
            + "SELECT d.definition, count(*), count(*) FILTER (WHERE s.phase = 2 AND w.saga_id IS NULL), "
            + "count(*) FILTER (WHERE s.phase = 3 AND w.saga_id IS NULL) FROM saga s "
            + "JOIN saga_data d ON d.id = s.id LEFT JOIN saga_timer w ON w.saga_id = s.id "
            + "WHERE %s GROUP BY d.definition "
            + "ON CONFLICT (definition) DO UPDATE SET started = t.started + excluded.started, "
            + "completed = t.completed + excluded.completed, compensated = t.compensated + excluded.compensated";

    private final JdbcOperations jdbc;

    SagaTimers(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Sees to it that the sagas, which the transaction has locked, are looked at no later than given. {@link
     * Instant#MAX} puts a saga among those that no timer fires for.
     */
    void wakeUp(Map<Long, Instant> dueById) {
        execute(
                "INSERT INTO saga_timer AS t (saga_id, due_at) SELECT id, due_at FROM " + NEW + "ORDER BY id "
                        + "ON CONFLICT (saga_id) DO UPDATE SET due_at = excluded.due_at "
                        + "WHERE excluded.due_at < t.due_at OR excluded.due_at = 'infinity'",
                dueById);
    }

    /** Sets the timers of sagas, which the transaction has locked, after they fired. */
    void reschedule(Map<Long, Instant> dueById) {
        if (!dueById.isEmpty()) {
            execute("UPDATE saga_timer t SET due_at = new.due_at FROM " + NEW + "WHERE t.saga_id = new.id", dueById);
        }
    }

    /**
     * Forgets the timers of sagas, which the transaction has locked and which have ended, and adds those that the sweep
     * has passed to the totals. To be called before anything else is done to a timer: it waits for a sweep to end.
     */
    void forget(Collection<Long> ids) {
        if (ids.isEmpty()) {
            return;
        }
        // No sweep comes in between: it counts the ended ones that have no timer, and this counts the others.
        Long sweptTo = jdbc.queryForObject("SELECT swept_to FROM saga_sweep FOR SHARE", Long.class);
        jdbc.execute((ConnectionCallback<Integer>) connection -> {
            try (PreparedStatement delete = connection.prepareStatement(
                    "WITH gone AS (DELETE FROM saga_timer WHERE saga_id = ANY (?) RETURNING saga_id) "
                            + "UPDATE saga_total t SET completed = t.completed + n.completed, "
                            + "compensated = t.compensated + n.compensated FROM (SELECT d.definition, "
                            + "count(*) FILTER (WHERE s.phase = 2) AS completed, "
                            + "count(*) FILTER (WHERE s.phase = 3) AS compensated FROM gone "
                            + "JOIN saga s ON s.id = gone.saga_id JOIN saga_data d ON d.id = s.id "
                            + "WHERE gone.saga_id < ? GROUP BY d.definition) AS n WHERE t.definition = n.definition")) {
                delete.setArray(1, connection.createArrayOf("int8", ids.toArray()));
                delete.setLong(2, Objects.requireNonNull(sweptTo));
                return delete.executeUpdate();
            }
        });
    }

    /** Whether any timer is due. */
    boolean isAnyDue(Instant now) {
        return Boolean.TRUE.equals(jdbc.queryForObject(
                "SELECT EXISTS (SELECT FROM saga_timer WHERE due_at <= ?)", Boolean.class,
                        now.atOffset(ZoneOffset.UTC)));
    }

    /**
     * Gives a timer to every open saga that has reached {@code age} since the last sweep, and has all of them counted and
     * found. To be called in a transaction of its own. Does nothing while another instance sweeps.
     *
     * <p>A saga's id is made from the time at which its transaction began, and is seen only after its commit. So the
     * sweep stays behind every transaction that is running; it asks which are running before it looks, because a
     * transaction that ends in between is seen by the look, while the other way round it would be seen by neither.
     *
     * @return how many sagas got a timer
     */
    int sweep(Instant now, Duration age) {
        Long from = jdbc.query(
                "SELECT swept_to FROM saga_sweep FOR UPDATE SKIP LOCKED",
                rows -> rows.next() ? (Long) rows.getLong(1) : null);
        if (from == null) {
            return 0;
        }
        Instant oldestRunning = oldestRunningTransaction();
        Instant upTo = now.minus(age);
        if (oldestRunning != null && oldestRunning.isBefore(upTo)) {
            upTo = oldestRunning;
        }
        long to = Tsid.floor(upTo.toEpochMilli());
        if (to <= from) {
            return 0;
        }
        int late = jdbc.update(WAKE.formatted(IN_THE_SWEEP), now.atOffset(ZoneOffset.UTC), from, to);
        jdbc.update(COUNT.formatted(IN_THE_SWEEP), from, to);
        // From where this was done last: an instance of an earlier version sweeps without it.
        jdbc.update(FIND.formatted("s.id >= (SELECT found_to FROM saga_sweep) AND s.id < ?"), to);
        jdbc.update("UPDATE saga_sweep SET swept_to = ?, found_to = ?", to, to);
        return late;
    }

    /**
     * Looks after new sagas for which the sweep comes too late, or never, because the database's clock was set back:
     * while it is behind the sweep, that stands still. The caller's transaction has saved them and all that it locked.
     */
    void lookAfter(Sagas.Begun begun, Instant now) {
        if (begun.stored().isEmpty() || Tsid.floor(now.toEpochMilli()) >= begun.sweptTo()) {
            return;
        }
        List<Long> behind =
                begun.stored().stream().filter(id -> id < begun.sweptTo()).toList();
        jdbc.execute((ConnectionCallback<Void>) connection -> {
            try (PreparedStatement wake = connection.prepareStatement(WAKE.formatted(THESE));
                    PreparedStatement count = connection.prepareStatement(COUNT.formatted(THESE));
                    PreparedStatement find = connection.prepareStatement(FIND.formatted(THESE))) {
                wake.setObject(1, now.atOffset(ZoneOffset.UTC));
                wake.setArray(2, connection.createArrayOf("int8", begun.stored().toArray()));
                wake.executeUpdate();
                count.setArray(1, connection.createArrayOf("int8", behind.toArray()));
                count.executeUpdate();
                find.setArray(1, connection.createArrayOf("int8", behind.toArray()));
                find.executeUpdate();
            }
            return null;
        });
    }

    private @Nullable Instant oldestRunningTransaction() {
        OffsetDateTime oldest = jdbc.queryForObject(
                "SELECT min(xact_start) FROM pg_stat_activity WHERE datname = current_database()",
                        OffsetDateTime.class);
        return oldest == null ? null : oldest.toInstant();
    }

    private void execute(String sql, Map<Long, Instant> dueById) {
        Map<Long, Instant> sorted = new TreeMap<>(dueById);
        List<Long> millis = new ArrayList<>(sorted.size());
        sorted.values().forEach(due -> millis.add(
                due.equals(Instant.MAX) ? NEVER : due.plusNanos(999_999).toEpochMilli()));
        jdbc.execute((ConnectionCallback<Integer>) connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setArray(1, connection.createArrayOf("int8", sorted.keySet().toArray()));
                statement.setArray(2, connection.createArrayOf("int8", millis.toArray()));
                return statement.executeUpdate();
            }
        });
    }
}
