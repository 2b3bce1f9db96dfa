package io.baton.lab.check;

import io.baton.contract.Tsid;
import io.baton.lab.check.OrderDossier.CardRow;
import io.baton.lab.check.OrderDossier.ClientRow;
import io.baton.lab.check.OrderDossier.DeliveryRow;
import io.baton.lab.check.OrderDossier.OrderRow;
import io.baton.lab.check.OrderDossier.PaymentRow;
import io.baton.lab.check.OrderDossier.ReservationRow;
import io.baton.lab.check.OrderDossier.SagaRow;
import io.baton.lab.check.OrderDossier.WalletRow;
import io.baton.lab.check.StackDescription.Service;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/** Puts together what everybody knows of each order, one order after the other. */
final class OrderDossiers {

    private OrderDossiers() {}

    static void forEach(Databases databases, GatewayLedger ledger, ClientHistory history, Consumer<OrderDossier> to)
            throws SQLException {
        try (Cursor<OrderRow> orders = databases.cursor(
                        Service.ORDER,
                        "select id, status, total_minor, cancellation_state from orders order by id",
                        row -> new OrderRow(row.getString(2), row.getLong(3), row.getString(4)));
                Cursor<SagaRow> sagas = sagas(databases, SagaShape.FULFILMENT);
                Cursor<SagaRow> cancellations = sagas(databases, SagaShape.CANCELLATION);
                Cursor<PaymentRow> payments = databases.cursor(
                        Service.PAYMENT,
                        "select order_id, status, coalesce(method, ''), coalesce(amount_minor, 0) from payment "
                                + "order by order_id",
                        row -> new PaymentRow(row.getString(2), row.getString(3), row.getLong(4)));
                Cursor<WalletRow> wallets = databases.cursor(
                        Service.PAYMENT,
                        "select order_id, count(*) filter (where kind = 'CHARGE'), "
                                + "coalesce(sum(amount_minor) filter (where kind = 'CHARGE'), 0), "
                                + "count(*) filter (where kind = 'REFUND'), "
                                + "coalesce(sum(amount_minor) filter (where kind = 'REFUND'), 0) "
                                + "from wallet_entry where order_id is not null group by order_id order by order_id",
                        row -> new WalletRow(row.getInt(2), row.getLong(3), row.getInt(4), row.getLong(5)));
                Cursor<ReservationRow> reservations = databases.cursor(
                        Service.INVENTORY,
                        "select order_id, status from reservation order by order_id",
                        row -> new ReservationRow(row.getString(2)));
                Cursor<DeliveryRow> deliveries = databases.cursor(
                        Service.DELIVERY,
                        "select order_id, status from delivery order by order_id",
                        row -> new DeliveryRow(row.getString(2)));
                Cursor<Map.Entry<Long, CardRow>> cards = Cursor.of(cards(ledger), Map.Entry::getKey);
                Cursor<ClientRow> clients = Cursor.of(history.accepted(), ClientRow::orderId)) {
            while (true) {
                long id = LongStream.of(
                                orders.key(), sagas.key(), cancellations.key(), payments.key(), wallets.key(),
                                reservations.key(), deliveries.key(), cards.key(), clients.key())
                        .min()
                        .orElse(Cursor.END);
                if (id == Cursor.END) {
                    return;
                }
                Map.Entry<Long, CardRow> card = cards.take(id);
                to.accept(new OrderDossier(
                        id,
                        orders.take(id),
                        sagas.take(id),
                        cancellations.take(id),
                        payments.take(id),
                        wallets.take(id),
                        card == null ? null : card.getValue(),
                        reservations.take(id),
                        deliveries.take(id),
                        clients.take(id)));
            }
        }
    }

    private static Cursor<SagaRow> sagas(Databases databases, SagaShape shape) throws SQLException {
        return databases.cursor(
                Service.ORCHESTRATOR,
                "select d.business_key, d.id, coalesce(s.phase, -1), coalesce(s.version, 0), coalesce(s.state, '') "
                        + "from saga_data d left join saga s on s.id = d.id where d.definition = '"
                        + shape.definition() + "' order by d.business_key",
                row -> new SagaRow(row.getLong(2), row.getInt(3), row.getInt(4), row.getString(5)));
    }

    private static List<Map.Entry<Long, CardRow>> cards(GatewayLedger ledger) {
        Map<Long, CardRow> byOrder = new HashMap<>();
        for (GatewayLedger.Entry entry : ledger.entries()) {
            CardRow row = entry.isCapture()
                    ? new CardRow(1, entry.amountMinor(), 0, 0)
                    : new CardRow(0, 0, 1, entry.amountMinor());
            byOrder.merge(Tsid.parse(entry.reference()), row, (a, b) -> new CardRow(
                    a.captures() + b.captures(),
                    a.capturedMinor() + b.capturedMinor(),
                    a.refunds() + b.refunds(),
                    a.refundedMinor() + b.refundedMinor()));
        }
        List<Map.Entry<Long, CardRow>> sorted = new ArrayList<>(byOrder.entrySet());
        sorted.sort(Comparator.comparingLong(Map.Entry::getKey));
        return sorted;
    }
}
