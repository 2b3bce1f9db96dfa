package io.baton.orchestrator.execution;

import io.baton.contract.SagaId;
import io.baton.orchestrator.execution.SagaChanges.LogRow;
import io.baton.orchestrator.execution.SagaChanges.StaleReply;
import io.baton.orchestrator.saga.LogEntry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * The tables that are only added to: what happened to sagas, which answers came in vain, what operators did. Each method
 * is one statement.
 */
final class SagaJournal {

    private final JdbcOperations jdbc;

    /** What was granted before: to which saga, and which version it had then. */
    record Granted(SagaId sagaId, int version) {}

    SagaJournal(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    void insertLog(List<LogRow> rows, Instant now) {
        execute(connection -> {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO saga_log (saga_id, seq, at, from_state, "
                    + "to_state, message, step, direction, attempt, outcome, detail, command_position, "
                    + "reply_position, actor) "
                    + "SELECT saga_id, seq, ?, from_state, to_state, message, step, direction, nullif(attempt, "
                    + "0), outcome, "
                    + "detail, command_position, reply_position, actor FROM unnest(?::int8[], ?::int4[], ?::text[], "
                    + "?::text[], ?::text[], ?::text[], ?::text[], ?::int4[], ?::text[], ?::text[], ?::text[], "
                    + "?::text[], "
                    + "?::text[]) AS new (saga_id, seq, from_state, to_state, message, step, direction, attempt, "
                    + "outcome, "
                    + "detail, command_position, reply_position, actor)")) {
                insert.setObject(1, now.atOffset(ZoneOffset.UTC));
                insert.setArray(2, Sagas.array(connection, "int8", rows, LogRow::sagaId));
                insert.setArray(3, Sagas.array(connection, "int4", rows, LogRow::seq));
                insert.setArray(4, entries(connection, rows, LogEntry::from));
                insert.setArray(5, entries(connection, rows, LogEntry::to));
                insert.setArray(6, Sagas.array(connection, "text", rows, LogRow::message));
                insert.setArray(7, entries(connection, rows, LogEntry::step));
                insert.setArray(8, entries(connection, rows, e -> e.direction() == null ? null : e.direction().name()));
                insert.setArray(9, Sagas.array(connection, "int4", rows, row -> row.entry().attempt()));
                insert.setArray(10, entries(connection, rows, LogEntry::outcome));
                insert.setArray(11, entries(connection, rows, LogEntry::detail));
                insert.setArray(12, Sagas.array(connection, "text", rows, LogRow::commandPosition));
                insert.setArray(13, Sagas.array(connection, "text", rows, LogRow::replyPosition));
                insert.setArray(14, entries(connection, rows, LogEntry::actor));
                return insert.executeUpdate();
            }
        });
    }

    void insertStale(List<StaleReply> replies, Instant now) {
        execute(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO saga_stale_reply (saga_id, at, step, direction, attempt, outcome, detail, "
                            + "reply_position) "
                            + "SELECT saga_id, ?, step, direction, attempt, outcome, detail, reply_position "
                            + "FROM unnest(?::int8[], ?::text[], ?::text[], ?::int4[], ?::text[], ?::text[], "
                            + "?::text[]) "
                            + "AS new (saga_id, step, direction, attempt, outcome, detail, reply_position)")) {
                insert.setObject(1, now.atOffset(ZoneOffset.UTC));
                insert.setArray(2, Sagas.array(connection, "int8", replies, StaleReply::sagaId));
                insert.setArray(3, Sagas.array(connection, "text", replies, stale -> stale.reply().step()));
                insert.setArray(4, Sagas.array(connection, "text", replies, stale -> stale.reply().direction().name()));
                insert.setArray(5, Sagas.array(connection, "int4", replies, stale -> stale.reply().attempt()));
                insert.setArray(6, Sagas.array(connection, "text", replies, stale -> stale.reply().kind().name()));
                insert.setArray(7, Sagas.array(connection, "text", replies, StaleReply::why));
                insert.setArray(8, Sagas.array(connection, "text", replies, StaleReply::replyPosition));
                return insert.executeUpdate();
            }
        });
    }

    /** Whether the request has been granted before, to whichever saga. */
    Optional<Granted> granted(UUID requestId) {
        return execute(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT saga_id, version FROM saga_intervention WHERE request_id = ?")) {
                select.setObject(1, requestId);
                try (ResultSet rows = select.executeQuery()) {
                    return rows.next()
                            ? Optional.of(new Granted(new SagaId(rows.getLong(1)), rows.getInt(2)))
                            : Optional.empty();
                }
            }
        });
    }

    /** Returns false if another saga's wish has the request id, be it since a moment ago. */
    boolean insertIntervention(SagaInterventions.Wish wish, int version, Instant now) {
        return execute(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO saga_intervention (request_id, saga_id, at, actor, reason, action, step, version) "
                            + "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (request_id) DO NOTHING")) {
                insert.setObject(1, wish.requestId());
                insert.setLong(2, wish.sagaId().value());
                insert.setObject(3, now.atOffset(ZoneOffset.UTC));
                insert.setString(4, wish.actor());
                insert.setString(5, wish.reason());
                insert.setString(6, wish.action().getClass().getSimpleName());
                insert.setString(7, wish.action().step());
                insert.setInt(8, version);
                return insert.executeUpdate() == 1;
            }
        });
    }

    private static java.sql.Array entries(
            Connection connection, List<LogRow> rows, Function<LogEntry, @Nullable String> part) throws SQLException {
        return Sagas.array(connection, "text", rows, row -> part.apply(row.entry()));
    }

    private <T> T execute(ConnectionCallback<T> callback) {
        return Objects.requireNonNull(jdbc.execute(callback));
    }
}
