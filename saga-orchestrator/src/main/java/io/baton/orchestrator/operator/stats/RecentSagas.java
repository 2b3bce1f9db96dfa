package io.baton.orchestrator.operator.stats;

import io.baton.contract.Tsid;
import io.baton.orchestrator.execution.SagaDefinitions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
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

    /** Ended well; see the table's comment. */
    private static final int COMPLETED = 2;

    private static final int COMPENSATED = 3;

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

    /** What is gathered of a definition. */
    private static final class Gathered {

        private long started;
        private long compensated;
        private final List<Long> millis = new ArrayList<>();
        private final Map<List<String>, Long> causes = new HashMap<>();

        Fared fared(long unknownMillis) {
            List<Cause> most = causes.entrySet().stream()
                    .map(cause -> new Cause(cause.getKey().getFirst(), cause.getKey().getLast(), cause.getValue()))
                    .sorted(Comparator.comparingLong(Cause::count).reversed()
                            .thenComparing(Cause::step)
                            .thenComparing(Cause::code))
                    .limit(CAUSES_MAX)
                    .toList();
            return new Fared(started, millis.size(), compensated, durations(), most, unknownMillis);
        }

        private @Nullable Durations durations() {
            if (millis.isEmpty()) {
                return null;
            }
            long[] sorted = millis.stream().mapToLong(Long::longValue).sorted().toArray();
            return new Durations(
                    Arrays.stream(sorted).average().orElseThrow(),
                    percentile(sorted, 0.5),
                    percentile(sorted, 0.95),
                    percentile(sorted, 0.99));
        }

        /** The smallest value that so large a part is not above. */
        private static long percentile(long[] sorted, double part) {
            return sorted[Math.max(0, (int) Math.ceil(part * sorted.length) - 1)];
        }
    }

    private Recent lookInTransaction(Instant begin) {
        Map<String, Gathered> gathered = new HashMap<>();
        List<Long> late = new ArrayList<>();
        long[] sagas = {0, 0};
        jdbc.query(
                "SELECT s.id, d.definition, s.phase, s.version, s.reason_step, s.reason_code, "
                        + "(extract(epoch FROM s.updated_at - d.created_at) * 1000)::bigint "
                        + "FROM saga s JOIN saga_data d ON d.id = s.id WHERE s.id >= ? ORDER BY s.id DESC LIMIT ?",
                row -> {
                    sagas[0]++;
                    sagas[1] = row.getLong(1);
                    Gathered definition = gathered.computeIfAbsent(row.getString(2), _ -> new Gathered());
                    definition.started++;
                    int phase = row.getInt(3);
                    if (phase == COMPLETED) {
                        definition.millis.add(row.getLong(7));
                    } else if (phase == COMPENSATED) {
                        definition.compensated++;
                    }
                    if (row.getInt(4) > shortestLog && late.size() < LOGS_MAX) {
                        late.add(row.getLong(1));
                    }
                    String code = row.getString(6);
                    if (code != null) {
                        String step = Objects.requireNonNullElse(row.getString(5), "");
                        definition.causes.merge(List.of(step, code), 1L, Long::sum);
                    }
                },
                Tsid.floor(begin.toEpochMilli()),
                SAGAS_MAX);
        Map<String, Long> unknown = late.isEmpty() ? Map.of() : unknownMillis(late);
        Map<String, Fared> byDefinition = new HashMap<>();
        gathered.forEach((definition, all) ->
                byDefinition.put(definition, all.fared(unknown.getOrDefault(definition, 0L))));
        return new Recent(
                sagas[0], sagas[0] == 0 ? begin : Instant.ofEpochMilli(Tsid.millis(sagas[1])), byDefinition);
    }

    /** From each timeout to whatever came next, or to now. */
    private Map<String, Long> unknownMillis(List<Long> ids) {
        Map<String, Long> unknown = new HashMap<>();
        jdbc.execute((ConnectionCallback<Void>) connection -> {
            try (var select = connection.prepareStatement(
                    "SELECT d.definition, sum(extract(epoch FROM coalesce(next, now()) - at) * 1000)::bigint "
                            + "FROM (SELECT saga_id, outcome, at, lead(at) OVER (PARTITION BY saga_id ORDER BY seq) AS next "
                            + "FROM saga_log WHERE saga_id = ANY (?)) AS lines JOIN saga_data d ON d.id = lines.saga_id "
                            + "WHERE outcome = 'TIMEOUT' GROUP BY d.definition")) {
                select.setArray(1, connection.createArrayOf("int8", ids.toArray()));
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        unknown.put(rows.getString(1), rows.getLong(2));
                    }
                }
            }
            return null;
        });
        return unknown;
    }
}
