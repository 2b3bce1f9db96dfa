package io.baton.orchestrator.operator.stats;

import io.baton.contract.Tsid;
import io.baton.orchestrator.execution.SagaDefinitions;
import java.sql.Array;
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

    /** Enough for a percentile in a hundred, and read in a tenth of a second beside a full load. */
    static final int SAGAS_MAX = 5_000;

    /** Of how many sagas that did not go straight on the logs are read. */
    static final int LOGS_MAX = 1_000;

    private static final int CAUSES_MAX = 100;
    private static final Duration WINDOW = Duration.ofHours(1);
    private static final int TIMEOUT = 30;

    /** The percentile of a part is the smallest value that so large a part is not above. */
    private static final String FARED = "SELECT definition, min(id) AS first, count(*) AS started, "
            + "count(*) FILTER (WHERE phase = 2) AS completed, count(*) FILTER (WHERE phase = 3) AS compensated, "
            + "avg(millis) FILTER (WHERE phase = 2) AS mean, percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP "
            + "(ORDER BY millis) FILTER (WHERE phase = 2) AS percentiles FROM (SELECT s.id, d.definition, s.phase, "
            + "(extract(epoch FROM s.updated_at - d.created_at) * 1000)::bigint AS millis "
            + "FROM saga s JOIN saga_data d ON d.id = s.id WHERE s.id >= ? ORDER BY s.id DESC LIMIT ?) AS recent "
            + "GROUP BY definition";

    private static final String CAUSES = "SELECT d.definition, coalesce(s.reason_step, ''), s.reason_code, count(*) "
            + "FROM saga s JOIN saga_data d ON d.id = s.id WHERE s.id >= ? AND s.reason_code IS NOT NULL "
            + "GROUP BY 1, 2, 3 ORDER BY 4 DESC, 2, 3";

    /** From each timeout to whatever came next, or to now. */
    private static final String UNKNOWN = "SELECT definition, sum(extract(epoch FROM coalesce(next, now()) - at) * 1000)::bigint "
            + "FROM (SELECT d.definition, l.outcome, l.at, lead(l.at) OVER (PARTITION BY l.saga_id ORDER BY l.seq) AS next "
            + "FROM (SELECT id FROM saga WHERE id >= ? AND version > ? ORDER BY id DESC LIMIT ?) AS late "
            + "JOIN saga_log l ON l.saga_id = late.id JOIN saga_data d ON d.id = late.id) AS lines "
            + "WHERE outcome = 'TIMEOUT' GROUP BY definition";

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

    /** Looks at them, each once. */
    Recent look(Instant now) {
        return Objects.requireNonNull(snapshot.execute(_ -> lookInTransaction(now.minus(WINDOW))));
    }

    private Recent lookInTransaction(Instant begin) {
        long floor = Tsid.floor(begin.toEpochMilli());
        Map<String, Row> rows = new HashMap<>();
        jdbc.query(FARED, row -> {
            rows.put(row.getString("definition"), Row.of(row));
        }, floor, SAGAS_MAX);
        long first = rows.values().stream().mapToLong(Row::first).min().orElse(floor);
        Map<String, List<Cause>> causes = new HashMap<>();
        jdbc.query(CAUSES, row -> {
            List<Cause> most = causes.computeIfAbsent(row.getString(1), _ -> new ArrayList<>());
            if (most.size() < CAUSES_MAX) {
                most.add(new Cause(row.getString(2), row.getString(3), row.getLong(4)));
            }
        }, first);
        Map<String, Long> unknown = new HashMap<>();
        jdbc.query(UNKNOWN, row -> {
            unknown.put(row.getString(1), row.getLong(2));
        }, first, shortestLog, LOGS_MAX);
        Map<String, Fared> byDefinition = new HashMap<>();
        rows.forEach((definition, row) -> byDefinition.put(
                definition,
                new Fared(
                        row.started,
                        row.completed,
                        row.compensated,
                        row.durations,
                        causes.getOrDefault(definition, List.of()),
                        unknown.getOrDefault(definition, 0L))));
        return new Recent(
                rows.values().stream().mapToLong(Row::started).sum(),
                rows.isEmpty() ? begin : Instant.ofEpochMilli(Tsid.millis(first)),
                byDefinition);
    }

    /**
     * What the first question tells of a definition.
     *
     * @param first the id of its first saga
     */
    private record Row(long first, long started, long completed, long compensated, @Nullable Durations durations) {

        static Row of(ResultSet row) throws SQLException {
            Array percentiles = row.getArray("percentiles");
            Durations durations = null;
            if (percentiles != null) {
                Long[] found = (Long[]) percentiles.getArray();
                durations = new Durations(row.getDouble("mean"), found[0], found[1], found[2]);
            }
            return new Row(
                    row.getLong("first"),
                    row.getLong("started"),
                    row.getLong("completed"),
                    row.getLong("compensated"),
                    durations);
        }
    }
}
