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
        Result result = Objects.requireNonNull(transactions.execute(_ -> {
            OffsetDateTime now = time.now().atOffset(ZoneOffset.UTC);
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
            if (!placed.isEmpty()) {
                Hold hold = find(placed.getFirst()).orElseThrow();
                write("hold", hold, requestId, actor, reason, now.toInstant());
                return new Result.Granted(hold);
            }
            Optional<Hold> before =
                    select(COUNTED, "WHERE h.request_id = ?", requestId).stream().findFirst();
            return before.isPresent()
                    ? new Result.Granted(before.get())
                    : new Result.Refused(
                            step == null
                                    ? "all of '" + definition + "' is held already"
                                    : "step '" + step + "' is held already");
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
        Result result = Objects.requireNonNull(transactions.execute(_ -> {
            OffsetDateTime now = time.now().atOffset(ZoneOffset.UTC);
            int released = jdbc.update(
                    "UPDATE saga_hold SET released_at = ?, released_by = ?, release_reason = ?, max_per_second = ?, "
                            + "next_at = ? WHERE id = ? AND released_at IS NULL",
                    now,
                    actor,
                    reason,
                    maxPerSecond,
                    now,
                    holdId);
            Optional<Hold> hold = find(holdId);
            if (hold.isEmpty()) {
                return new Result.NoSuchHold();
            }
            if (released == 1) {
                write("release", hold.get(), requestId, actor, reason, now.toInstant());
            }
            return released == 1 || audit.granted(requestId).isPresent()
                    ? new Result.Granted(hold.get())
                    : new Result.Refused("it was let go at " + hold.get().releasedAt());
        }));
        refresh();
        return result;
    }

    private void write(String action, Hold hold, UUID requestId, String actor, String reason, Instant now) {
        String what = hold.definition() + (hold.step() == null ? "" : ", step " + hold.step());
        audit.write(OperatorAudit.Entry.of(
                now, actor, action, reason, requestId, OperatorAudit.Result.GRANTED, "Hold " + hold.id() + ": " + what));
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
