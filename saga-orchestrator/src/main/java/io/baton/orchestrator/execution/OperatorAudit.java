package io.baton.orchestrator.execution;

import io.baton.contract.SagaId;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/** What operators tried, and what came of it. The database refuses to change or delete a line. */
public final class OperatorAudit {

    private final JdbcOperations jdbc;
    private final SagaMeters meters;

    OperatorAudit(JdbcOperations jdbc, SagaMeters meters) {
        this.jdbc = jdbc;
        this.meters = meters;
    }

    /** Why a wish is refused whose request id was used before. */
    public static final String USED = "the request id was used for another wish; use a new one for each";

    /** What came of an attempt. */
    public enum Result {
        /** It took effect. */
        GRANTED,
        /** It is not allowed now; nothing changed. */
        REFUSED,
        /** The operator saw an older version; nothing changed. */
        OUTDATED,
        /** There is no such saga. */
        NO_SUCH_SAGA,
        /** It takes a second person, and is kept for that. */
        PROPOSED,
        /** The one who proposed it cannot be the second person too. */
        SECOND_PERSON_NEEDED
    }

    /**
     * One attempt.
     *
     * @param action as it stands in the path of its endpoint
     * @param sagaId null if it was not about one saga
     * @param step null if it was not about one step
     * @param requestId the same for every copy of the attempt
     * @param detail what came of it, or why it was refused
     * @param versionBefore the saga's, that the operator expected
     * @param versionAfter the saga's, when it was granted
     * @param bulkId what it was a part of; null if it was made alone
     */
    public record Entry(
            Instant at,
            String actor,
            String action,
            @Nullable SagaId sagaId,
            @Nullable String step,
            String reason,
            UUID requestId,
            Result result,
            @Nullable String detail,
            @Nullable Integer versionBefore,
            @Nullable Integer versionAfter,
            @Nullable String bulkId) {

        /** An attempt that was not about one saga. */
        public static Entry of(
                Instant at,
                String actor,
                String action,
                String reason,
                UUID requestId,
                Result result,
                @Nullable String detail) {
            return new Entry(at, actor, action, null, null, reason, requestId, result, detail, null, null, null);
        }
    }

    /** What was granted before under a request id, and to whom. */
    record Granted(
            String actor,
            String action,
            @Nullable SagaId sagaId,
            @Nullable String step,
            @Nullable String detail,
            int version) {}

    /**
     * Adds a line, as part of the caller's transaction.
     *
     * @return false if the request was granted already, be it since a moment ago; nothing is added then
     */
    public boolean write(Entry entry) {
        boolean written = jdbc.update(
                        "INSERT INTO operator_audit (at, actor, action, saga_id, step, reason, request_id, result, "
                                + "detail, version_before, version_after, bulk_id) "
                                + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                                + "ON CONFLICT (request_id) WHERE result = 'GRANTED' DO NOTHING",
                        new Object[] {
                            entry.at().atOffset(ZoneOffset.UTC),
                            entry.actor(),
                            entry.action(),
                            entry.sagaId() == null ? null : entry.sagaId().value(),
                            entry.step(),
                            entry.reason(),
                            entry.requestId(),
                            entry.result().name(),
                            entry.detail(),
                            entry.versionBefore(),
                            entry.versionAfter(),
                            entry.bulkId()
                        },
                        new int[] {
                            Types.TIMESTAMP_WITH_TIMEZONE,
                            Types.VARCHAR,
                            Types.VARCHAR,
                            Types.BIGINT,
                            Types.VARCHAR,
                            Types.VARCHAR,
                            Types.OTHER,
                            Types.VARCHAR,
                            Types.VARCHAR,
                            Types.INTEGER,
                            Types.INTEGER,
                            Types.VARCHAR
                        })
                == 1;
        if (written) {
            meters.tellAfterCommit(entry.action(), entry.result());
        }
        return written;
    }

    /** Whether anything was granted under the request id. */
    public boolean isGranted(UUID requestId) {
        return granted(requestId).isPresent();
    }

    /** What was granted under the request id, for whichever saga. */
    Optional<Granted> granted(UUID requestId) {
        return jdbc
                .query(
                        "SELECT actor, action, saga_id, step, detail, version_after FROM operator_audit "
                                + "WHERE request_id = ? AND result = 'GRANTED'",
                        (row, number) -> {
                            Long sagaId = row.getObject(3, Long.class);
                            return new Granted(
                                    row.getString(1),
                                    row.getString(2),
                                    sagaId == null ? null : new SagaId(sagaId),
                                    row.getString(4),
                                    row.getString(5),
                                    row.getInt(6));
                        },
                        requestId)
                .stream()
                .findFirst();
    }
}
