package io.baton.lab.check;

import io.baton.lab.check.SagaDossier.Head;
import io.baton.lab.check.SagaDossier.LogRow;
import io.baton.lab.check.SagaDossier.OutcomeRow;
import io.baton.lab.check.StackDescription.Service;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/** Puts together what is known of each saga, one saga after the other. */
final class SagaDossiers {

    private SagaDossiers() {}

    static void forEach(Databases databases, Consumer<SagaDossier> to) throws SQLException {
        try (Cursor<Head> heads = databases.cursor(
                        Service.ORCHESTRATOR,
                        "select s.id, s.phase, s.version, s.state, coalesce(d.definition, '') "
                                + "from saga s left join saga_data d on d.id = s.id order by s.id",
                        row -> new Head(row.getInt(2), row.getInt(3), row.getString(4), row.getString(5)));
                Cursor<LogRow> log = databases.cursor(
                        Service.ORCHESTRATOR,
                        "select saga_id, seq, from_state, to_state, step, direction, outcome, command_position, "
                                + "reply_position from saga_log order by saga_id, seq",
                        row -> new LogRow(
                                row.getInt(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                row.getString(6),
                                row.getString(7),
                                row.getString(8),
                                row.getString(9)));
                Cursor<OutcomeRow> atOrder = outcomes(databases, Service.ORDER);
                Cursor<OutcomeRow> atPayment = outcomes(databases, Service.PAYMENT);
                Cursor<OutcomeRow> atInventory = outcomes(databases, Service.INVENTORY);
                Cursor<OutcomeRow> atDelivery = outcomes(databases, Service.DELIVERY)) {
            while (true) {
                long id = LongStream.of(
                                heads.key(), log.key(), atOrder.key(), atPayment.key(), atInventory.key(),
                                atDelivery.key())
                        .min()
                        .orElse(Cursor.END);
                if (id == Cursor.END) {
                    return;
                }
                List<OutcomeRow> outcomes = new ArrayList<>(atOrder.takeAll(id));
                outcomes.addAll(atPayment.takeAll(id));
                outcomes.addAll(atInventory.takeAll(id));
                outcomes.addAll(atDelivery.takeAll(id));
                to.accept(new SagaDossier(id, heads.take(id), log.takeAll(id), outcomes));
            }
        }
    }

    private static Cursor<OutcomeRow> outcomes(Databases databases, Service service) throws SQLException {
        return databases.cursor(
                service,
                "select saga_id, step, direction, status from messaging.outcome order by saga_id, step, direction",
                row -> new OutcomeRow(service, row.getString(2), row.getInt(3), row.getInt(4)));
    }
}
