package io.baton.orchestrator.execution;

import io.baton.orchestrator.saga.CommandToSend;
import io.baton.orchestrator.saga.Direction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;

/** The table of held commands. Whoever changes rows of a saga has locked the saga. */
final class HeldCommands {

    private final JdbcOperations jdbc;

    HeldCommands(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** Keeps the commands; a newer attempt takes the place of an older one. */
    void keep(Collection<HeldCommand> commands) {
        if (commands.isEmpty()) {
            return;
        }
        Map<List<?>, HeldCommand> newest = new HashMap<>();
        commands.forEach(held -> newest.put(key(held), held));
        execute(connection -> {
            try (PreparedStatement upsert = connection.prepareStatement(
                    "INSERT INTO held_command (saga_id, step, direction, attempt, probe, since, hold_id) SELECT * FROM "
                            + "unnest(?::int8[], ?::text[], ?::text[], ?::int4[], ?::bool[], ?::timestamptz[], "
                            + "?::int8[]) "
                            + "ON CONFLICT (saga_id, step, direction) DO UPDATE SET attempt = excluded.attempt, "
                            + "probe = excluded.probe, since = excluded.since, hold_id = excluded.hold_id")) {
                setKeys(connection, upsert, newest.values());
                upsert.setArray(
                        4, Sagas.array(connection, "int4", newest.values(), held -> held.command().attempt()));
                upsert.setArray(5, Sagas.array(connection, "bool", newest.values(), held -> held.command().probe()));
                upsert.setArray(
                        6,
                        Sagas.array(connection, "timestamptz", newest.values(), held ->
                                held.since().atOffset(ZoneOffset.UTC).toString()));
                upsert.setArray(7, Sagas.array(connection, "int8", newest.values(), HeldCommand::holdId));
                return upsert.executeUpdate();
            }
        });
    }

    void remove(Collection<HeldCommand> commands) {
        if (commands.isEmpty()) {
            return;
        }
        execute(connection -> {
            try (PreparedStatement delete = connection.prepareStatement(
                    "DELETE FROM held_command h USING unnest(?::int8[], ?::text[], ?::text[]) "
                            + "AS old (saga_id, step, direction) WHERE h.saga_id = old.saga_id AND h.step = old.step "
                            + "AND h.direction = old.direction")) {
                setKeys(connection, delete, commands);
                return delete.executeUpdate();
            }
        });
    }

    /** What is held of the sagas, by saga; none for sagas of which nothing is. */
    Map<Long, List<HeldCommand>> of(Collection<Long> sagaIds) {
        return execute(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT saga_id, step, direction, attempt, probe, since, hold_id FROM held_command "
                            + "WHERE saga_id = ANY (?) ORDER BY saga_id, since, step")) {
                select.setArray(1, connection.createArrayOf("int8", sagaIds.toArray()));
                Map<Long, List<HeldCommand>> held = new HashMap<>();
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        held.computeIfAbsent(rows.getLong("saga_id"), id -> new ArrayList<>()).add(read(rows));
                    }
                }
                return held;
            }
        });
    }

    private static HeldCommand read(ResultSet row) throws SQLException {
        return new HeldCommand(
                row.getLong("saga_id"),
                new CommandToSend(
                        row.getString("step"),
                        Direction.valueOf(row.getString("direction")),
                        row.getInt("attempt"),
                        row.getBoolean("probe")),
                row.getObject("since", OffsetDateTime.class).toInstant(),
                row.getObject("hold_id", Long.class));
    }

    private static List<?> key(HeldCommand held) {
        return List.of(held.sagaId(), held.command().step(), held.command().direction());
    }

    private static void setKeys(Connection connection, PreparedStatement statement, Collection<HeldCommand> commands)
            throws SQLException {
        statement.setArray(1, Sagas.array(connection, "int8", commands, HeldCommand::sagaId));
        statement.setArray(2, Sagas.array(connection, "text", commands, held -> held.command().step()));
        statement.setArray(3, Sagas.array(connection, "text", commands, held -> held.command().direction().name()));
    }

    private <T> T execute(ConnectionCallback<T> callback) {
        return Objects.requireNonNull(jdbc.execute(callback));
    }
}
