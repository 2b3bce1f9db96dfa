package io.baton.orchestrator.execution;

import io.baton.orchestrator.execution.SagaChanges.StuckNow;
import java.sql.PreparedStatement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * The table of the sagas that need a person, so that they are found and grouped without a look at the others. A saga
 * that never gets stuck never has a row here, and costs no statement. Each method is one statement.
 */
final class StuckSagas {

    private final JdbcOperations jdbc;

    StuckSagas(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** Keeps why sagas, which the transaction has locked, are stuck now. What was put off is put off no longer. */
    void keep(Collection<StuckNow> stuck, Instant now) {
        jdbc.execute((ConnectionCallback<Integer>) connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO saga_stuck (saga_id, definition, step, code, error, participant, message, since, search) "
                            + "SELECT id, definition, step, code, error, participant, message, ?, search "
                            + "FROM unnest(?::int8[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], "
                            + "?::text[]) AS new (id, definition, step, code, error, participant, message, search) "
                            + "ON CONFLICT (saga_id) DO UPDATE SET step = excluded.step, code = excluded.code, "
                            + "error = excluded.error, participant = excluded.participant, "
                            + "message = excluded.message, since = excluded.since, snoozed_until = NULL")) {
                insert.setObject(1, now.atOffset(ZoneOffset.UTC));
                insert.setArray(2, Sagas.array(connection, "int8", stuck, StuckNow::sagaId));
                insert.setArray(3, Sagas.array(connection, "text", stuck, StuckNow::definition));
                insert.setArray(4, Sagas.array(connection, "text", stuck, one -> one.stuck().step()));
                insert.setArray(5, Sagas.array(connection, "text", stuck, one -> one.stuck().code().name()));
                insert.setArray(6, Sagas.array(connection, "text", stuck, StuckNow::error));
                insert.setArray(7, Sagas.array(connection, "text", stuck, StuckNow::participant));
                insert.setArray(8, Sagas.array(connection, "text", stuck, one -> one.stuck().message()));
                insert.setArray(9, Sagas.array(connection, "text", stuck, StuckNow::search));
                return insert.executeUpdate();
            }
        });
    }

    /** Forgets sagas that are not stuck any more. */
    void forget(Collection<Long> ids) {
        jdbc.execute((ConnectionCallback<Integer>) connection -> {
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM saga_stuck WHERE saga_id = ANY (?)")) {
                delete.setArray(1, connection.createArrayOf("int8", ids.toArray()));
                return delete.executeUpdate();
            }
        });
    }
}
