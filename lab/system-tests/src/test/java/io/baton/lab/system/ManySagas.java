package io.baton.lab.system;

import io.baton.contract.Tsid;
import io.baton.lab.running.RunningStack;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts copies of two sagas, a completed one and one that is stuck, into the orchestrator's database as if they had been
 * started over the last thirty days, and takes them away again. One copy in a hundred is stuck. Nothing is open and
 * moves, so that the running system has nothing to do with them.
 */
final class ManySagas implements AutoCloseable {

    /** Customers, one of whom each copy belongs to. */
    static final int CUSTOMERS = 1_000;

    /** Causes that tell the stuck copies apart. */
    static final int CAUSES = 20;

    private static final int STUCK_OF = 100;
    private static final String CUSTOMER = "'many-' || c.n / %d %% %d".formatted(STUCK_OF, CUSTOMERS);
    private static final Duration OLDEST = Duration.ofDays(30);
    private static final Duration NEWEST = Duration.ofHours(1);

    private final Connection connection;

    /** Opens the database as its administrator, who may tidy up after himself. */
    ManySagas(RunningStack stack) throws SQLException {
        connection = stack.administrator("saga-orchestrator");
    }

    /**
     * Makes so many copies, and returns how many of them are stuck.
     *
     * @param completed the id of a saga that has completed
     * @param stuck the id of one that is stuck
     */
    long fill(int count, long completed, long stuck) throws SQLException {
        long oldest = Tsid.floor(Instant.now().minus(OLDEST).toEpochMilli());
        long newest = Tsid.floor(Instant.now().minus(NEWEST).toEpochMilli());
        run("CREATE TABLE copies AS SELECT %d + n * %d AS id, CASE WHEN n %% %d = 0 THEN %d ELSE %d END AS of, n "
                .formatted(oldest, (newest - oldest) / count, STUCK_OF, stuck, completed)
                + "FROM generate_series(1, " + count + ") AS n");
        copy("saga", "id", Map.of());
        copy("saga_data", "id", Map.of(
                "business_key", "c.id",
                "created_at", "to_timestamp(((c.id >> %d) + %d) / 1000.0)"
                        .formatted(Tsid.TIME_SHIFT, Tsid.EPOCH_MILLIS),
                "search", CUSTOMER));
        run("INSERT INTO saga_search SELECT " + CUSTOMER + ", c.id FROM copies c");
        copy("saga_log", "saga_id", Map.of());
        copy("saga_stuck", "saga_id", Map.of(
                "search", CUSTOMER,
                "error", "'MANY_' || c.n / %d %% %d".formatted(STUCK_OF, CAUSES)));
        run("INSERT INTO saga_timer SELECT id, 'infinity' FROM copies WHERE of = " + stuck);
        total("+");
        run("VACUUM ANALYZE saga, saga_data, saga_log, saga_timer, saga_stuck, saga_search");
        return number("SELECT count(*) FROM saga_stuck JOIN copies ON id = saga_id");
    }

    private void copy(String table, String id, Map<String, String> changed) throws SQLException {
        Map<String, String> values = new LinkedHashMap<>();
        for (String column : columns(table)) {
            values.put(column, column.equals(id) ? "c.id" : changed.getOrDefault(column, "t." + column));
        }
        run("INSERT INTO %s (%s) SELECT %s FROM copies c JOIN %s t ON t.%s = c.of ORDER BY c.id".formatted(
                table, String.join(", ", values.keySet()), String.join(", ", values.values()), table, id));
    }

    private List<String> columns(String table) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT string_agg(column_name, ',') "
                + "FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ?")) {
            select.setString(1, table);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return List.of(row.getString(1).split(","));
            }
        }
    }

    /** The totals, in which the sweep counts what it has passed. */
    private void total(String sign) throws SQLException {
        run("UPDATE saga_total t SET started = t.started %1$s n.started, completed = t.completed %1$s n.completed FROM "
                .formatted(sign)
                + "(SELECT d.definition, count(*) AS started, count(*) FILTER (WHERE k.saga_id IS NULL) AS completed "
                + "FROM copies c JOIN saga_data d ON d.id = c.id LEFT JOIN saga_stuck k ON k.saga_id = c.id GROUP BY 1) n "
                + "WHERE n.definition = t.definition");
    }

    /** Takes all copies away. */
    @Override
    public void close() throws SQLException {
        try (connection) {
            if (number("SELECT count(*) FROM pg_tables WHERE tablename = 'copies'") == 1) {
                total("-");
                for (String table : List.of("saga_stuck", "saga_timer", "saga_log", "saga_search")) {
                    run("DELETE FROM " + table + " t USING copies c WHERE t.saga_id = c.id");
                }
                for (String table : List.of("saga", "saga_data")) {
                    run("DELETE FROM " + table + " t USING copies c WHERE t.id = c.id");
                }
                run("DROP TABLE copies");
                run("VACUUM ANALYZE");
            }
        }
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long number(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
