package io.baton.orchestrator.execution;

import io.baton.contract.SagaId;
import io.baton.orchestrator.saga.Phase;
import io.baton.orchestrator.saga.Reason;
import io.baton.orchestrator.saga.Saga;
import io.baton.orchestrator.saga.Stuck;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;

/** Makes sagas of the rows of {@code saga s JOIN saga_data d}. */
final class SagaRows {

    static final String COLUMNS = "s.id, s.version, s.phase, s.state, s.trail, s.reason_code, s.reason_step, "
            + "s.reason_message, s.stuck_code, s.stuck_step, s.stuck_message, s.stuck_from, s.paused, s.stopped_at, "
            + "s.stood_still, d.definition, d.definition_version, d.definition_hash, d.business_key, d.created_at, d.body";

    private static final Phase[] PHASES = Phase.values();

    private final SagaDefinitions definitions;

    SagaRows(SagaDefinitions definitions) {
        this.definitions = definitions;
    }

    /**
     * Reads a row.
     *
     * @throws IllegalArgumentException if the row is not what {@link Sagas} writes
     * @throws ArithmeticException likewise
     * @throws ArrayIndexOutOfBoundsException likewise
     */
    StoredSaga read(ResultSet row) throws SQLException {
        SagaClock clock = clock(row);
        return read(row, saga(row, startedAt(row, clock)), clock);
    }

    /** Reads a row for people, with no progress if that cannot be understood. */
    StoredSaga readLeniently(ResultSet row) throws SQLException {
        SagaClock clock = clock(row);
        Instant startedAt = startedAt(row, clock);
        try {
            return read(row, saga(row, startedAt), clock);
        } catch (IllegalArgumentException | ArithmeticException | ArrayIndexOutOfBoundsException e) {
            String message = "The row cannot be read: " + e.getMessage();
            Stuck stuck = new Stuck(Stuck.Code.INVARIANT_BROKEN, "", message, Phase.FORWARD);
            Saga broken = new Saga(
                    Phase.STUCK, startedAt, Map.of(), Map.of(), Duration.ZERO, Map.of(), null, stuck);
            return read(row, broken, clock);
        }
    }

    private StoredSaga read(ResultSet row, Saga saga, SagaClock clock) throws SQLException {
        String name = row.getString("definition");
        int version = row.getInt("definition_version");
        return new StoredSaga(
                new SagaId(row.getLong("id")),
                row.getInt("version"),
                row.getString("state"),
                saga,
                clock,
                name,
                version,
                definitions.find(name, version, row.getString("definition_hash")).orElse(null),
                row.getLong("business_key"),
                row.getBytes("body"));
    }

    /** The time of its start by the saga's own clock. */
    private static Instant startedAt(ResultSet row, SagaClock clock) throws SQLException {
        return row.getObject("created_at", OffsetDateTime.class).toInstant().plus(clock.stoodStill());
    }

    private static SagaClock clock(ResultSet row) throws SQLException {
        OffsetDateTime stoppedAt = row.getObject("stopped_at", OffsetDateTime.class);
        long stoodStill = row.getLong("stood_still");
        boolean isPaused = row.getBoolean("paused");
        return stoppedAt == null && stoodStill == 0 && !isPaused
                ? SagaClock.NEVER_STOPPED
                : new SagaClock(
                        isPaused, stoppedAt == null ? null : stoppedAt.toInstant(), Duration.ofMillis(stoodStill));
    }

    /** @throws IllegalArgumentException if the row is not what this class writes */
    private static Saga saga(ResultSet row, Instant startedAt) throws SQLException {
        String reason = row.getString("reason_code");
        String stuck = row.getString("stuck_code");
        TrailCodec.Trail trail = TrailCodec.decode(row.getBytes("trail"), startedAt);
        return new Saga(
                phase(row.getInt("phase")),
                startedAt,
                trail.progress(),
                trail.forgiven(),
                trail.extension(),
                trail.captured(),
                reason == null ? null
                        : new Reason(reason, row.getString("reason_step"), row.getString("reason_message")),
                stuck == null
                        ? null
                        : new Stuck(
                                Stuck.Code.valueOf(stuck),
                                row.getString("stuck_step"),
                                row.getString("stuck_message"),
                                phase(row.getInt("stuck_from"))));
    }

    private static Phase phase(int ordinal) {
        if (ordinal < 0 || ordinal >= PHASES.length) {
            throw new IllegalArgumentException("Expected a phase from 0 to " + (PHASES.length - 1) + " but got "
                    + ordinal);
        }
        return PHASES[ordinal];
    }
}
