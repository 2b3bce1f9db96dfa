package io.baton.orchestrator.execution;

import io.baton.orchestrator.execution.SagaChanges.LogRow;
import io.baton.orchestrator.execution.SagaChanges.StaleReply;
import io.baton.orchestrator.saga.LogEntry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * The tables that are only added to: what happened to sagas, which answers came in vain. Each method
 * is one statement.
 */
final class SagaJournal {

    private final JdbcOperations jdbc;

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

    private static java.sql.Array entries(
            Connection connection, List<LogRow> rows, Function<LogEntry, @Nullable String> part) throws SQLException {
        return Sagas.array(connection, "text", rows, row -> part.apply(row.entry()));
    }

    private <T> T execute(ConnectionCallback<T> callback) {
        return Objects.requireNonNull(jdbc.execute(callback));
    }
}
