package io.baton.orchestrator.operator.stats;

import io.baton.contract.Tsid;
import io.baton.orchestrator.execution.SagaDefinitions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * How the sagas of the last hour fared, the youngest {@value #SAGAS_MAX} of them at most: ids are sorted by time, so they
 * are the end of the primary key.
 */
@Component
class RecentSagas {

    static final int SAGAS_MAX = 20_000;

    /** Of how many sagas that did not go straight on the logs are read. */
    static final int LOGS_MAX = 2_000;

    private static final Duration WINDOW = Duration.ofHours(1);
    private static final int TIMEOUT = 30;

    private static final String RECENT = "WITH recent AS MATERIALIZED (SELECT s.id, s.version, s.phase, s.reason_step, "
            + "s.reason_code, s.updated_at, d.definition, d.created_at FROM saga s JOIN saga_data d ON d.id = s.id "
            + "WHERE s.id >= ? ORDER BY s.id DESC LIMIT " + SAGAS_MAX + ") ";

    private static final String MILLIS = "extract(epoch FROM updated_at - created_at) * 1000";

    private final JdbcOperations jdbc;
    private final int shortestLog;
    private final TransactionTemplate snapshot;

    /** Milliseconds from start to end of those that completed. */
    record Durations(double mean, double p50, double p95, double p99) {}

    /** Why sagas were undone: the step that could not be done, and the code. */
    record Cause(String step, String code, long count) {}

    /**
     * A definition's sagas.
     *
     * @param durations null if none completed
     * @param unknownMillis for how long, taken together, it was not known what had come of commands whose answers were
     *     late
     */
    record Fared(
            long started,
            long completed,
            long compensated,
            @Nullable Durations durations,
            List<Cause> causes,
            long unknownMillis) {}

    /**
     * All of them.
     *
     * @param sagas how many were looked at
     * @param since when the first of them was started, or the window's begin if there is none
     */
    record Recent(long sagas, Instant since, Map<String, Fared> byDefinition) {}

    RecentSagas(JdbcOperations jdbc, SagaDefinitions definitions, PlatformTransactionManager transactionManager) {
        this.jdbc = jdbc;
        shortestLog = definitions.all().stream().mapToInt(definition -> definition.stages().size()).min().orElse(1);
        snapshot = new TransactionTemplate(transactionManager);
        snapshot.setReadOnly(true);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        snapshot.setTimeout(TIMEOUT);
    }

    /** Looks at them; takes some hundred milliseconds when there are that many. */
    Recent look(Instant now) {
        return Objects.requireNonNull(snapshot.execute(_ -> lookInTransaction(now.minus(WINDOW))));
    }

    private Recent lookInTransaction(Instant begin) {
        long from = Tsid.floor(begin.toEpochMilli());
        Map<String, List<Cause>> causes = new HashMap<>();
        jdbc.query(
                RECENT + "SELECT definition, coalesce(reason_step, ''), reason_code, count(*) FROM recent "
                        + "WHERE reason_code IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3 LIMIT 200",
                row -> {
                    causes.computeIfAbsent(row.getString(1), _ -> new ArrayList<>())
                            .add(new Cause(row.getString(2), row.getString(3), row.getLong(4)));
                },
                from);
        Map<String, Long> unknown = new HashMap<>();
        jdbc.query(
                RECENT + "SELECT definition, sum(extract(epoch FROM coalesce(next, now()) - at) * 1000)::bigint "
                        + "FROM (SELECT r.definition, l.outcome, l.at, lead(l.at) OVER (PARTITION BY l.saga_id "
                        + "ORDER BY l.seq) AS next FROM (SELECT id, definition FROM recent WHERE version > ? "
                        + "ORDER BY id DESC LIMIT " + LOGS_MAX + ") AS r JOIN saga_log l ON l.saga_id = r.id) AS lines "
                        + "WHERE outcome = 'TIMEOUT' GROUP BY definition",
                row -> {
                    unknown.put(row.getString(1), row.getLong(2));
                },
                from,
                shortestLog);
        Map<String, Fared> byDefinition = new HashMap<>();
        long[] sagas = {0, Long.MAX_VALUE};
        jdbc.query(
                RECENT + "SELECT definition, count(*), count(*) FILTER (WHERE phase = 2), "
                        + "count(*) FILTER (WHERE phase = 3), avg(" + MILLIS + ") FILTER (WHERE phase = 2), "
                        + percentile("0.5") + ", " + percentile("0.95") + ", " + percentile("0.99") + ", min(id) "
                        + "FROM recent GROUP BY definition",
                row -> {
                    String definition = row.getString(1);
                    sagas[0] += row.getLong(2);
                    sagas[1] = Math.min(sagas[1], row.getLong(9));
                    byDefinition.put(
                            definition,
                            new Fared(
                                    row.getLong(2),
                                    row.getLong(3),
                                    row.getLong(4),
                                    row.getLong(3) == 0 ? null : durations(row),
                                    causes.getOrDefault(definition, List.of()),
                                    unknown.getOrDefault(definition, 0L)));
                },
                from);
        return new Recent(
                sagas[0], sagas[0] == 0 ? begin : Instant.ofEpochMilli(Tsid.millis(sagas[1])), byDefinition);
    }

    private static Durations durations(ResultSet row) throws SQLException {
        return new Durations(row.getDouble(5), row.getDouble(6), row.getDouble(7), row.getDouble(8));
    }

    private static String percentile(String fraction) {
        return "percentile_cont(" + fraction + ") WITHIN GROUP (ORDER BY " + MILLIS + ") FILTER (WHERE phase = 2)";
    }
}
