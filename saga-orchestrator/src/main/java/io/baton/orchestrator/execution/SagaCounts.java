package io.baton.orchestrator.execution;

import io.baton.contract.Topics;
import io.baton.contract.Tsid;
import io.baton.orchestrator.saga.Phase;
import io.baton.orchestrator.saga.Progress;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.Stage;
import io.baton.orchestrator.saga.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Counts all sagas, from the tables alone, so that the counts add up whatever was restarted: what the sweep has passed
 * is in the totals, and what is open, late or younger is looked at. Costs as much as there are of those.
 */
public final class SagaCounts {

    /** How many sagas that are being undone are asked for their step; of more, the step is not told. */
    static final int UNDOING_MAX = 2_000;

    /** Ages up to which open sagas are counted together; the last group has no bound. */
    public static final List<Duration> AGES = List.of(
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofHours(1),
            Duration.ofDays(1));

    /** In seconds, so that a database that hangs is no trouble to whoever waits. */
    private static final int TIMEOUT = 60;

    /** What the sweep has not passed, and what has a timer: each saga that is not in the totals as ended. */
    private static final String LOOKED_AT = "(SELECT s.id, s.phase, s.state, s.stuck_code, s.stuck_step, s.paused FROM saga s "
            + "WHERE s.id >= ? UNION ALL SELECT s.id, s.phase, s.state, s.stuck_code, s.stuck_step, "
            + "s.paused FROM saga_timer t JOIN saga s ON s.id = t.saga_id WHERE t.saga_id < ?) AS s ";

    private final JdbcOperations jdbc;
    private final SagaDefinitions definitions;
    private final TransactionTemplate snapshot;

    /**
     * Open sagas that are alike.
     *
     * @param step where they are; null where that is not known
     * @param reason why they are stuck; null if they are not
     * @param age an index into {@link #AGES}, or its size
     * @param paused how many of them an operator holds back
     */
    public record Open(
            String definition,
            int version,
            Phase phase,
            String state,
            @Nullable String step,
            @Nullable String reason,
            int age,
            long count,
            Instant oldest,
            long paused) {}

    /** Stuck sagas that are alike and put off; they are among the {@link Open} ones too. */
    public record Snoozed(String definition, String step, String reason, long count) {}

    /** A definition's sagas: {@code started = completed + compensated + moving + stuck}. */
    public record Balance(long started, long completed, long compensated, long moving, long stuck) {

        static final Balance ZERO = new Balance(0, 0, 0, 0, 0);

        /** The sums. */
        public Balance plus(Balance more) {
            return new Balance(
                    started + more.started,
                    completed + more.completed,
                    compensated + more.compensated,
                    moving + more.moving,
                    stuck + more.stuck);
        }
    }

    /**
     * All counts, of one moment.
     *
     * @param balances by definition; with every definition of this program, also one that no saga has
     * @param timersOverdue sagas whose timers should have fired five seconds ago
     * @param deadLetters by status; without the notices of sagas that got stuck
     * @param holds of definitions and steps that are in force
     */
    public record Snapshot(
            Instant asOf,
            Map<String, Balance> balances,
            List<Open> open,
            List<Snoozed> snoozed,
            long timersOverdue,
            Map<String, Long> deadLetters,
            long holds) {

        /** When the oldest open saga of a definition was started that is as it is asked for. */
        public Optional<Instant> oldest(String definition, Predicate<Open> test) {
            return open.stream()
                    .filter(sagas -> sagas.definition().equals(definition))
                    .filter(test)
                    .map(Open::oldest)
                    .min(Instant::compareTo);
        }

        /** How many open sagas are stuck. */
        public long stuck() {
            return balances.values().stream().mapToLong(Balance::stuck).sum();
        }

        /** How many go on by themselves. */
        public long moving() {
            return balances.values().stream().mapToLong(Balance::moving).sum();
        }
    }

    SagaCounts(JdbcOperations jdbc, SagaDefinitions definitions, PlatformTransactionManager transactionManager) {
        this.jdbc = jdbc;
        this.definitions = definitions;
        snapshot = new TransactionTemplate(transactionManager);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        snapshot.setReadOnly(true);
        snapshot.setTimeout(TIMEOUT);
    }

    /**
     * Counts.
     *
     * @throws RuntimeException if the database cannot be reached, or takes longer than a minute
     */
    public Snapshot take() {
        return Objects.requireNonNull(snapshot.execute(_ -> takeInTransaction()));
    }

    /** What one row says: open sagas that are alike, or ended ones that are not in the totals. */
    private record Row(Open sagas, boolean isSwept) {}

    private Snapshot takeInTransaction() {
        Instant now = Objects.requireNonNull(jdbc.queryForObject("SELECT now()", OffsetDateTime.class)).toInstant();
        long sweptTo = Objects.requireNonNull(jdbc.queryForObject("SELECT swept_to FROM saga_sweep", Long.class));
        List<Row> rows = rows(now, sweptTo);
        Map<String, Balance> balances = new TreeMap<>();
        definitions.all().forEach(definition -> balances.put(definition.name(), Balance.ZERO));
        jdbc.query("SELECT definition, started, completed, compensated FROM saga_total", row -> {
            balances.merge(
                    row.getString(1), new Balance(row.getLong(2), row.getLong(3), row.getLong(4), 0, 0), Balance::plus);
        });
        rows.forEach(row -> balances.merge(row.sagas().definition(), balance(row), Balance::plus));
        List<Open> open = rows.stream().map(Row::sagas).filter(sagas -> !sagas.phase().isFinal()).toList();
        Map<String, Long> deadLetters = new TreeMap<>();
        // A saga that got stuck is counted as one; the notice that it did so is nothing that somebody must see to.
        jdbc.query("SELECT status, count(*) FROM dead_letter WHERE topic <> ? GROUP BY status", row -> {
            deadLetters.put(row.getString(1), row.getLong(2));
        }, Topics.SAGA_DEAD_LETTERS);
        return new Snapshot(
                now,
                balances,
                withSteps(open, now, sweptTo),
                jdbc.query(
                        "SELECT definition, step, code, count(*) FROM saga_stuck WHERE snoozed_until > now() "
                                + "GROUP BY 1, 2, 3",
                        (row, number) ->
                                new Snoozed(row.getString(1), row.getString(2), row.getString(3), row.getLong(4))),
                count("SELECT count(*) FROM saga_timer WHERE due_at < now() - interval '5 seconds'"),
                deadLetters,
                count("SELECT count(*) FROM saga_hold WHERE released_at IS NULL"));
    }

    private List<Row> rows(Instant now, long sweptTo) {
        StringBuilder age = new StringBuilder("CASE");
        List<Object> parameters = new ArrayList<>();
        parameters.add(sweptTo);
        for (int i = 0; i < AGES.size(); i++) {
            age.append(" WHEN s.id >= ? THEN ").append(i);
            parameters.add(Tsid.floor(now.minus(AGES.get(i)).toEpochMilli()));
        }
        age.append(" ELSE ").append(AGES.size()).append(" END");
        parameters.add(sweptTo);
        parameters.add(sweptTo);
        return jdbc.query(
                "SELECT d.definition, d.definition_version, s.phase, s.state, s.stuck_code, s.stuck_step, s.id < ?, "
                        + age + ", count(*), min(s.id), count(*) FILTER (WHERE s.paused) FROM " + LOOKED_AT
                        + "JOIN saga_data d ON d.id = s.id GROUP BY 1, 2, 3, 4, 5, 6, 7, 8",
                (row, number) -> {
                    Phase phase = Phase.values()[row.getInt(3)];
                    String name = row.getString(1);
                    int version = row.getInt(2);
                    String state = row.getString(4);
                    return new Row(
                            new Open(
                                    name,
                                    version,
                                    phase,
                                    state,
                                    phase == Phase.FORWARD ? stepAfter(name, version, state) : row.getString(6),
                                    row.getString(5),
                                    row.getInt(8),
                                    row.getLong(9),
                                    Instant.ofEpochMilli(Tsid.millis(row.getLong(10))),
                                    row.getLong(11)),
                            row.getBoolean(7));
                },
                parameters.toArray());
    }

    /** The totals have every swept saga as started, and as ended only those that have no timer. */
    private static Balance balance(Row row) {
        long count = row.sagas().count();
        return switch (row.sagas().phase()) {
            case COMPLETED -> new Balance(row.isSwept() ? 0 : count, count, 0, 0, 0);
            case COMPENSATED -> new Balance(row.isSwept() ? 0 : count, 0, count, 0, 0);
            case FORWARD, COMPENSATING -> new Balance(row.isSwept() ? 0 : count, 0, 0, count, 0);
            case STUCK -> new Balance(row.isSwept() ? 0 : count, 0, 0, 0, count);
        };
    }

    /** What sagas that go forward wait for: the first step of the stage after the one that they have reached. */
    private @Nullable String stepAfter(String name, int version, String state) {
        SagaDefinition<?> definition = definitions.find(name, version, null).orElse(null);
        if (definition == null) {
            return null;
        }
        boolean reached = false;
        for (Stage<?> stage : definition.stages()) {
            if (reached) {
                Step<?> first = stage.steps().getFirst();
                return first.name();
            }
            reached = state.equals(stage.stateReached());
        }
        return null;
    }

    /** Of sagas that are being undone the state does not tell the step; their trail does. */
    private List<Open> withSteps(List<Open> open, Instant now, long sweptTo) {
        if (open.stream().noneMatch(sagas -> sagas.phase() == Phase.COMPENSATING)) {
            return open;
        }
        record Alike(String definition, int version, String state, @Nullable String step, int age) {}
        record Undone(Instant started, boolean isPaused) {}
        Map<Alike, List<Undone>> undoing = new HashMap<>();
        jdbc.query(
                "SELECT d.definition, d.definition_version, s.state, u.trail, s.id, s.paused FROM " + LOOKED_AT
                        + "JOIN saga_data d ON d.id = s.id JOIN saga u ON u.id = s.id WHERE s.phase = 1 LIMIT ?",
                row -> {
                    Instant started = Instant.ofEpochMilli(Tsid.millis(row.getLong(5)));
                    Alike alike = new Alike(
                            row.getString(1), row.getInt(2), row.getString(3), undoingStep(row.getBytes(4)),
                            age(started, now));
                    undoing.computeIfAbsent(alike, _ -> new ArrayList<>())
                            .add(new Undone(started, row.getBoolean(6)));
                },
                sweptTo,
                sweptTo,
                UNDOING_MAX);
        List<Open> told = new ArrayList<>();
        Map<List<Object>, Long> left = new HashMap<>();
        undoing.forEach((alike, sagas) -> {
            left.merge(
                    List.of(alike.definition(), alike.version(), alike.state(), alike.age()),
                    (long) sagas.size(),
                    Long::sum);
            told.add(new Open(
                    alike.definition(), alike.version(), Phase.COMPENSATING, alike.state(), alike.step(), null,
                    alike.age(), sagas.size(),
                    sagas.stream().map(Undone::started).min(Instant::compareTo).orElseThrow(),
                    sagas.stream().filter(Undone::isPaused).count()));
        });
        for (Open sagas : open) {
            if (sagas.phase() != Phase.COMPENSATING) {
                told.add(sagas);
                continue;
            }
            long more = sagas.count()
                    - left.getOrDefault(
                            List.<Object>of(sagas.definition(), sagas.version(), sagas.state(), sagas.age()), 0L);
            if (more > 0) {
                told.add(new Open(
                        sagas.definition(), sagas.version(), sagas.phase(), sagas.state(), null, null, sagas.age(),
                        more, sagas.oldest(), 0));
            }
        }
        return told;
    }

    private static int age(Instant started, Instant now) {
        for (int i = 0; i < AGES.size(); i++) {
            if (Tsid.floor(started.toEpochMilli()) >= Tsid.floor(now.minus(AGES.get(i)).toEpochMilli())) {
                return i;
            }
        }
        return AGES.size();
    }

    private static @Nullable String undoingStep(byte[] trail) {
        try {
            return TrailCodec.decode(trail, Instant.EPOCH).progress().entrySet().stream()
                    .filter(step -> step.getValue() instanceof Progress.Compensating
                            || step.getValue() instanceof Progress.CompensationFailed)
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(null);
        } catch (IllegalArgumentException | ArithmeticException | ArrayIndexOutOfBoundsException e) {
            return null;
        }
    }

    private long count(String sql) {
        return Objects.requireNonNull(jdbc.queryForObject(sql, Long.class));
    }
}
