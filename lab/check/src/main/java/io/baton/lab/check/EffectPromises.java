package io.baton.lab.check;

import io.baton.contract.Tsid;
import io.baton.lab.check.StackDescription.Service;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** P18 to P22: every effect belongs to an order, comes once, and is gone when the order is cancelled. */
final class EffectPromises implements Promises {

    private static final int CHUNK = 1_000;
    private static final int REMEMBERED_STRANGERS = 10_000;

    private final Evidence orphans = new Evidence("P18", "no effect without its order, nothing held by an ended order");
    private final Evidence twice = new Evidence("P19", "no effect twice");
    private final Evidence nothingLeft = new Evidence("P20", "nothing is left of a cancelled order");
    private final Evidence tombstones = new Evidence("P21", "no action takes effect after its compensation");
    private final Evidence deliveries = new Evidence("P22", "what is delivered is paid and taken from stock");
    private final List<Long> paymentStrangers = new ArrayList<>();
    private final List<Long> stockStrangers = new ArrayList<>();
    private final List<Long> deliveryStrangers = new ArrayList<>();
    private long outsideSagas;

    @Override
    public void order(OrderDossier order) {
        if (order.order() == null) {
            strangers(order);
        }
        if (order.payment() != null || order.reservation() != null || order.delivery() != null) {
            orphans.examined();
        }
        orphans.expect(
                order.payment() != null || order.wallet() == null && order.card() == null,
                "money moved for order %s without a payment", order.name());
        if (order.wallet() != null || order.card() != null) {
            twice.examined();
            int refunds = (order.wallet() == null ? 0 : order.wallet().refunds())
                    + (order.card() == null ? 0 : order.card().refunds());
            twice.expect(refunds <= 1, "order %s got its money back %d times", order.name(), refunds);
        }
        boolean held = order.reservation() != null && order.reservation().isHeld();
        orphans.expect(
                !held || !order.completed() && !order.cancelled(),
                "order %s has ended but still holds stock", order.name());
        if (order.cancelled()) {
            cancelled(order);
        }
        delivery(order);
    }

    /** Effects without an order may be somebody's own, made without a saga. Those of a saga have an outcome. */
    private void strangers(OrderDossier order) {
        if (order.payment() != null && paymentStrangers.size() < REMEMBERED_STRANGERS) {
            paymentStrangers.add(order.id());
        }
        if (order.reservation() != null && stockStrangers.size() < REMEMBERED_STRANGERS) {
            stockStrangers.add(order.id());
        }
        if (order.delivery() != null && deliveryStrangers.size() < REMEMBERED_STRANGERS) {
            deliveryStrangers.add(order.id());
        }
    }

    private void cancelled(OrderDossier order) {
        nothingLeft.examined();
        nothingLeft.expect(
                order.chargedMinor() == order.refundedMinor(), "order %s is cancelled but not refunded", order.name());
        nothingLeft.expect(
                order.payment() == null || !order.payment().isTaken(),
                "order %s is cancelled but its payment is %s",
                order.name(), order.payment() == null ? "" : order.payment().status());
        nothingLeft.expect(
                order.reservation() == null || !order.reservation().isHeld() && !order.reservation().isShipped(),
                "order %s is cancelled but its stock is %s",
                order.name(), order.reservation() == null ? "" : order.reservation().status());
        nothingLeft.expect(
                order.delivery() == null || !order.delivery().goesOut(),
                "order %s is cancelled but will be delivered", order.name());
    }

    private void delivery(OrderDossier order) {
        boolean goesOut = order.delivery() != null && order.delivery().goesOut();
        if (order.completed()) {
            deliveries.examined();
            deliveries.expect(goesOut, "order %s is completed but not delivered", order.name());
            deliveries.expect(
                    order.reservation() != null && order.reservation().isShipped(),
                    "order %s is completed but its stock is %s",
                    order.name(), order.reservation() == null ? "not reserved" : order.reservation().status());
        }
        if (goesOut && order.order() != null) {
            deliveries.expect(
                    order.payment() != null && order.payment().status().equals("CHARGED"),
                    "order %s is delivered but not paid", order.name());
            deliveries.expect(
                    order.reservation() != null
                            && (order.reservation().isHeld() || order.reservation().isShipped()),
                    "order %s is delivered but not taken from stock", order.name());
        }
    }

    @Override
    public void query(Databases databases) throws SQLException {
        orphans(databases, Service.PAYMENT, "payment", paymentStrangers);
        orphans(databases, Service.INVENTORY, "reservation", stockStrangers);
        orphans(databases, Service.DELIVERY, "delivery", deliveryStrangers);
        tombstones(
                databases, Service.PAYMENT, "select order_id from payment where order_id = any(?) "
                        + "and status in ('PENDING', 'CHARGED')");
        tombstones(
                databases, Service.INVENTORY, "select order_id from reservation where order_id = any(?) "
                        + "and status in ('HELD', 'SHIPPED')");
        tombstones(
                databases, Service.DELIVERY, "select order_id from delivery where order_id = any(?) "
                        + "and status in ('SCHEDULED', 'DISPATCHED')");
    }

    private void orphans(Databases databases, Service service, String what, List<Long> strangers)
            throws SQLException {
        for (int from = 0; from < strangers.size(); from += CHUNK) {
            List<String> keys = strangers.subList(from, Math.min(from + CHUNK, strangers.size())).stream()
                    .map(Tsid::format)
                    .toList();
            List<String> ofSagas = databases.list(
                    service,
                    "select distinct reply_key from messaging.outcome where direction = 0 and status = 1 "
                            + "and reply_key = any(?)",
                    "text",
                    keys,
                    row -> row.getString(1));
            outsideSagas += keys.size() - ofSagas.size();
            ofSagas.forEach(key ->
                    orphans.violated("a saga made a %s for order %s, which does not exist", what, key));
        }
    }

    private void tombstones(Databases databases, Service service, String effects) throws SQLException {
        List<Long> orders = new ArrayList<>();
        databases.forEach(
                service,
                "select reply_key from messaging.outcome where status = 3",
                row -> orders.add(Tsid.parse(row.getString(1))));
        tombstones.examined(orders.size());
        for (int from = 0; from < orders.size(); from += CHUNK) {
            List<Long> some = orders.subList(from, Math.min(from + CHUNK, orders.size()));
            databases.list(service, effects, "bigint", some, row -> row.getLong(1)).forEach(id -> tombstones.violated(
                    "the %s was told to undo order %s before it was told to do it, and did it then",
                    service, Tsid.format(id)));
        }
    }

    @Override
    public List<Finding> findings() {
        return List.of(
                orphans.finding("%,d orders with effects, %,d effects made without a saga", orphans.count(),
                        outsideSagas),
                twice.finding("%,d orders for which money moved", twice.count()),
                nothingLeft.finding("%,d cancelled orders", nothingLeft.count()),
                tombstones.finding("%,d compensations that came first", tombstones.count()),
                deliveries.finding("%,d completed orders", deliveries.count()));
    }
}
