package io.baton.orchestrator.execution;

import io.baton.contract.SagaId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Holds back the commands of a definition, or of one step of it. A hold is for what is sent from then on; every instance
 * knows of it within a second, because each asks that often instead of with every batch.
 */
public final class SagaHolds {

    private static final String COLUMNS = "h.id, h.definition, h.step, h.actor, h.reason, h.since, h.released_at, ";
    private static final String COUNTED = COLUMNS + "(SELECT count(*) FROM held_command c WHERE c.hold_id = h.id) ";

    private final JdbcOperations jdbc;
    private final SagaDefinitions definitions;
    private final OperatorAudit audit;
    private final TransactionTemplate transactions;
    private final DatabaseTime time;
    private volatile List<Hold> known = List.of();

    SagaHolds(
            JdbcOperations jdbc,
            SagaDefinitions definitions,
            OperatorAudit audit,
            TransactionTemplate transactions,
            DatabaseTime time) {
        this.jdbc = jdbc;
        this.definitions = definitions;
        this.audit = audit;
        this.transactions = transactions;
        this.time = time;
    }

    /**
     * What is held.
     *
     * @param step null if all steps are
     * @param heldCommands how many commands wait for its end
     * @param releasedAt null while it holds
     */
    public record Hold(
            long id,
            String definition,
            @Nullable String step,
            String actor,
            String reason,
            Instant since,
            long heldCommands,
            @Nullable Instant releasedAt) {

        private boolean isFor(String ofDefinition, String ofStep) {
            return definition.equals(ofDefinition) && (step == null || step.equals(ofStep));
        }
    }

    /** What came of a wish. */
    public sealed interface Result {

        /** It holds, or was let go; now or when the same was wished before. */
        record Granted(Hold hold) implements Result {}

        /** It cannot be done. Nothing changed. */
        record Refused(String why) implements Result {}

        /** There is no such hold. */
        record NoSuchHold() implements Result {}
    }

    /** Whether this program has such a definition, and with it such a step where one is named. */
    public boolean isKnown(String definition, @Nullable String step) {
        return definitions.steps(definition).stream().anyMatch(name -> step == null || step.equals(name));
    }

    /**
     * Holds from now on.
     *
     * @param requestId the same for every copy of this wish
     * @param step null for all steps
     */
    public Result hold(UUID requestId, String definition, @Nullable String step, String actor, String reason) {
        Attempt attempt = new Attempt("hold", requestId, actor, reason);
        Result result = Objects.requireNonNull(transactions.execute(_ -> {
            OffsetDateTime now = time.now().atOffset(ZoneOffset.UTC);
            Optional<Result> earlier = earlier(attempt, placedBy(requestId, definition, step), now.toInstant());
            if (earlier.isPresent()) {
                return earlier.get();
            }
            List<Long> placed = jdbc.queryForList(
                    "INSERT INTO saga_hold (request_id, definition, step, actor, reason, since) "
                            + "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
                    Long.class,
                    requestId,
                    definition,
                    step,
                    actor,
                    reason,
                    now);
            if (placed.isEmpty()) {
                // By somebody else, or by a copy of this wish a moment ago.
                String held = step == null ? "all of '" + definition + "'" : "step '" + step + "'";
                return earlier(attempt, placedBy(requestId, definition, step), now.toInstant())
                        .orElseGet(() -> refused(attempt, held + " is held already", now.toInstant()));
            }
            return granted(attempt, find(placed.getFirst()).orElseThrow(), now.toInstant());
        }));
        refresh();
        return result;
    }

    /**
     * Lets go. What was held is sent by whichever instance comes first, and goes on after a crash of it.
     *
     * @param requestId the same for every copy of this wish
     * @param maxPerSecond how many commands a second, over all instances
     */
    public Result release(UUID requestId, long holdId, int maxPerSecond, String actor, String reason) {
        Attempt attempt = new Attempt("release", requestId, actor, reason);
        Result result = Objects.requireNonNull(transactions.execute(_ -> {
            OffsetDateTime now = time.now().atOffset(ZoneOffset.UTC);
            Optional<Hold> hold = find(holdId);
            if (hold.isEmpty()) {
                refused(attempt, "there is no hold " + holdId, now.toInstant());
                return new Result.NoSuchHold();
            }
            Optional<Result> earlier = earlier(attempt, hold, now.toInstant());
            if (earlier.isPresent()) {
                return earlier.get();
            }
            int released = jdbc.update(
                    "UPDATE saga_hold SET released_at = ?, released_by = ?, release_reason = ?, max_per_second = ?, "
                            + "next_at = ? WHERE id = ? AND released_at IS NULL",
                    now,
                    actor,
                    reason,
                    maxPerSecond,
                    now,
                    holdId);
            Hold after = find(holdId).orElseThrow();
            return released == 1
                    ? granted(attempt, after, now.toInstant())
                    : earlier(attempt, hold, now.toInstant()).orElseGet(
                            () -> refused(attempt, "it was let go at " + after.releasedAt(), now.toInstant()));
        }));
        refresh();
        return result;
    }

    /** What an operator tries, as the audit has it. */
    private record Attempt(String action, UUID requestId, String actor, String reason) {

        boolean isSame(OperatorAudit.Granted before, Hold hold) {
            return actor.equals(before.actor())
                    && action.equals(before.action())
                    && detail(hold).equals(before.detail());
        }

        private static String detail(Hold hold) {
            return "Hold " + hold.id() + ": " + hold.definition() + (hold.step() == null ? "" : ", step " + hold.step());
        }

        OperatorAudit.Entry entry(OperatorAudit.Result result, String detail, Instant now) {
            return OperatorAudit.Entry.of(now, actor, action, reason, requestId, result, detail);
        }
    }

    private Optional<Hold> placedBy(UUID requestId, String definition, @Nullable String step) {
        return select(COUNTED, "WHERE h.request_id = ?", requestId).stream()
                .filter(hold -> hold.definition.equals(definition) && Objects.equals(hold.step, step))
                .findFirst();
    }

    /** What came of the same wish before, or that its request id belongs to another; empty if nothing was granted. */
    private Optional<Result> earlier(Attempt attempt, Optional<Hold> meant, Instant now) {
        return audit.granted(attempt.requestId).map(before -> meant.filter(hold -> attempt.isSame(before, hold))
                .<Result>map(Result.Granted::new)
                .orElseGet(() -> refused(attempt, OperatorAudit.USED, now)));
    }

    private Result granted(Attempt attempt, Hold hold, Instant now) {
        if (!audit.write(attempt.entry(OperatorAudit.Result.GRANTED, Attempt.detail(hold), now))) {
            throw new IllegalStateException("Another wish was granted at the same moment: " + OperatorAudit.USED);
        }
        return new Result.Granted(hold);
    }

    private Result refused(Attempt attempt, String why, Instant now) {
        audit.write(attempt.entry(OperatorAudit.Result.REFUSED, why, now));
        return new Result.Refused(why);
    }

    /** What holds now, and what was let go while commands of it still wait for their turn; oldest first. */
    public List<Hold> all() {
        return select(COUNTED, "WHERE h.released_at IS NULL OR EXISTS (SELECT FROM held_command c WHERE c.hold_id = h.id)");
    }

    /** The hold with this id, whether it holds or not. */
    public Optional<Hold> find(long holdId) {
        return select(COUNTED, "WHERE h.id = ?", holdId).stream().findFirst();
    }

    /** What is held of a saga, be it because it is paused. */
    public List<HeldCommand> commandsOf(SagaId sagaId) {
        return new HeldCommands(jdbc).of(List.of(sagaId.value())).getOrDefault(sagaId.value(), List.of());
    }

    /** What holds now; not what was known a moment ago. */
    List<Hold> holding() {
        return select(COLUMNS + "0 ", "WHERE h.released_at IS NULL");
    }

    /** Asks what holds now. */
    synchronized void refresh() {
        known = holding();
    }

    /** The hold that such a command is under, as far as is known here; null if it may be sent. */
    @Nullable Long on(String definition, String step) {
        return on(known, definition, step);
    }

    static @Nullable Long on(List<Hold> holds, String definition, String step) {
        for (Hold hold : holds) {
            if (hold.isFor(definition, step)) {
                return hold.id();
            }
        }
        return null;
    }

    /** A hold that was let go, and how fast its commands may be sent. */
    record Turn(long holdId, int maxPerSecond) {}

    /** Locks a hold that was let go and of which a command may be sent now; none if another instance is at it. */
    Optional<Turn> nextTurn(Instant now) {
        return jdbc
                .query(
                        "SELECT h.id, h.max_per_second FROM saga_hold h WHERE h.next_at <= ? AND EXISTS "
                                + "(SELECT FROM held_command c WHERE c.hold_id = h.id) ORDER BY h.next_at LIMIT 1 "
                                + "FOR UPDATE OF h SKIP LOCKED",
                        (row, number) -> new Turn(row.getLong(1), row.getInt(2)),
                        now.atOffset(ZoneOffset.UTC))
                .stream()
                .findFirst();
    }

    void nextTurnAt(long holdId, Instant at) {
        jdbc.update("UPDATE saga_hold SET next_at = ? WHERE id = ?", at.atOffset(ZoneOffset.UTC), holdId);
    }

    /** Some sagas of which the hold holds a command. */
    List<Long> sagasUnder(long holdId, int limit) {
        return jdbc.queryForList(
                "SELECT DISTINCT saga_id FROM (SELECT saga_id FROM held_command WHERE hold_id = ? ORDER BY saga_id "
                        + "LIMIT ?) AS first",
                Long.class,
                holdId,
                limit);
    }

    private List<Hold> select(String columns, String where, Object... parameters) {
        return jdbc.query(
                "SELECT " + columns + "AS held FROM saga_hold h " + where + " ORDER BY h.id",
                (row, number) -> read(row),
                parameters);
    }

    private static Hold read(ResultSet row) throws SQLException {
        OffsetDateTime releasedAt = row.getObject("released_at", OffsetDateTime.class);
        return new Hold(
                row.getLong("id"),
                row.getString("definition"),
                row.getString("step"),
                row.getString("actor"),
                row.getString("reason"),
                row.getObject("since", OffsetDateTime.class).toInstant(),
                row.getLong("held"),
                releasedAt == null ? null : releasedAt.toInstant());
    }
}
