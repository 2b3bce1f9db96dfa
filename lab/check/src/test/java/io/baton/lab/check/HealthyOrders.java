package io.baton.lab.check;

import io.baton.lab.check.StackDescription.Service;
import java.sql.SQLException;

/** One order of every kind, with all that the services keep of it, of which all is well. */
record HealthyOrders(World world) {

    void fill() throws SQLException {
        completed();
        byCard();
        refusedByDelivery();
        refusedByStock();
        paymentUnknown();
        undone();
        kept();
    }

    private void completed() throws SQLException {
        world.order(World.COMPLETED, "COMPLETED");
        world.entry("CHARGE", World.TOTAL, World.COMPLETED);
        world.payment(World.COMPLETED, "CHARGED", "WALLET");
        fulfilled(World.COMPLETED, "SHIPPED", "SCHEDULED");
    }

    private void byCard() throws SQLException {
        world.order(World.BY_CARD, "COMPLETED");
        world.payment(World.BY_CARD, "CHARGED", "CARD");
        world.insert(Service.PAYMENT, "gateway_call", "idempotency_key", "'card-1'", "order_id", "" + World.BY_CARD,
                "kind", "'CAPTURE'", "amount_minor", "" + World.TOTAL, "currency", "'EUR'", "state", "'DONE'",
                "gateway_id", "'g-1'");
        fulfilled(World.BY_CARD, "SHIPPED", "SCHEDULED");
    }

    private void fulfilled(long order, String reservation, String delivery) throws SQLException {
        world.reservation(order, reservation, 2);
        world.delivery(order, delivery);
        world.saga(order, 2,
                "- STARTED - - STARTED",
                "STARTED PAYMENT_COMPLETED payment ACTION DONE",
                "PAYMENT_COMPLETED INVENTORY_RESERVED inventory ACTION DONE",
                "INVENTORY_RESERVED DELIVERY_SCHEDULED delivery ACTION DONE",
                "DELIVERY_SCHEDULED COMPLETED completion ACTION DONE");
        world.outcome(Service.PAYMENT, order, "payment", 0, 1);
        world.outcome(Service.INVENTORY, order, "inventory", 0, 1);
        world.outcome(Service.DELIVERY, order, "delivery", 0, 1);
        world.outcome(Service.ORDER, order, "completion", 0, 1);
    }

    private void refusedByDelivery() throws SQLException {
        long order = World.REFUSED_BY_DELIVERY;
        world.order(order, "CANCELLED");
        world.entry("CHARGE", World.TOTAL, order);
        world.entry("REFUND", World.TOTAL, order);
        world.payment(order, "REFUNDED", "WALLET");
        world.reservation(order, "RELEASED", 3);
        world.delivery(order, "REFUSED");
        world.saga(order, 3,
                "- STARTED - - STARTED",
                "STARTED PAYMENT_COMPLETED payment ACTION DONE",
                "PAYMENT_COMPLETED PAYMENT_COMPLETED inventory ACTION TIMEOUT",
                "PAYMENT_COMPLETED INVENTORY_RESERVED inventory ACTION DONE",
                "INVENTORY_RESERVED COMPENSATING delivery ACTION REFUSED",
                "COMPENSATING COMPENSATING inventory COMPENSATION DONE",
                "COMPENSATING COMPENSATING payment COMPENSATION DONE",
                "COMPENSATING COMPENSATED order COMPENSATION DONE");
        world.outcome(Service.PAYMENT, order, "payment", 0, 1);
        world.outcome(Service.PAYMENT, order, "payment", 1, 1);
        world.outcome(Service.INVENTORY, order, "inventory", 0, 1);
        world.outcome(Service.INVENTORY, order, "inventory", 1, 1);
        world.outcome(Service.DELIVERY, order, "delivery", 0, 2);
        world.outcome(Service.ORDER, order, "order", 1, 1);
    }

    private void refusedByStock() throws SQLException {
        long order = World.REFUSED_BY_STOCK;
        world.order(order, "CANCELLED");
        world.entry("CHARGE", World.TOTAL, order);
        world.entry("REFUND", World.TOTAL, order);
        world.payment(order, "REFUNDED", "WALLET");
        world.reservation(order, "REFUSED", 900);
        world.saga(order, 3,
                "- STARTED - - STARTED",
                "STARTED PAYMENT_COMPLETED payment ACTION DONE",
                "PAYMENT_COMPLETED COMPENSATING inventory ACTION REFUSED",
                "COMPENSATING COMPENSATING payment COMPENSATION DONE",
                "COMPENSATING COMPENSATED order COMPENSATION DONE");
        world.outcome(Service.PAYMENT, order, "payment", 0, 1);
        world.outcome(Service.PAYMENT, order, "payment", 1, 1);
        world.outcome(Service.INVENTORY, order, "inventory", 0, 2);
        world.outcome(Service.ORDER, order, "order", 1, 1);
    }

    /** The payment service never heard of the charge, only of the refund. */
    private void paymentUnknown() throws SQLException {
        long order = World.PAYMENT_UNKNOWN;
        world.order(order, "CANCELLED");
        world.saga(order, 3,
                "- STARTED - - STARTED",
                "STARTED COMPENSATING payment ACTION TIMEOUT",
                "COMPENSATING COMPENSATING payment COMPENSATION DONE",
                "COMPENSATING COMPENSATED order COMPENSATION DONE");
        world.outcome(Service.PAYMENT, order, "payment", 0, 3);
        world.outcome(Service.PAYMENT, order, "payment", 1, 1);
        world.outcome(Service.ORDER, order, "order", 1, 1);
    }

    /** Completed, and undone on its customer's wish. */
    private void undone() throws SQLException {
        world.order(World.UNDONE, "CANCELLED");
        world.wish(World.UNDONE, "GRANTED");
        world.entry("CHARGE", World.TOTAL, World.UNDONE);
        world.entry("REFUND", World.TOTAL, World.UNDONE);
        world.payment(World.UNDONE, "REFUNDED", "WALLET");
        fulfilled(World.UNDONE, "RELEASED", "CANCELLED");
        world.cancelled(World.UNDONE);
    }

    /** Completed and on its way when its customer wished that it be cancelled. */
    private void kept() throws SQLException {
        world.order(World.KEPT, "COMPLETED");
        world.wish(World.KEPT, "REFUSED");
        world.entry("CHARGE", World.TOTAL, World.KEPT);
        world.payment(World.KEPT, "CHARGED", "WALLET");
        fulfilled(World.KEPT, "SHIPPED", "DISPATCHED");
        world.refusedToCancel(World.KEPT);
    }
}
