package io.baton.lab.check;

import io.baton.lab.check.OrderDossier.ClientRow;
import io.baton.lab.check.StackDescription.Service;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One fault that is planted in a world where all is well.
 *
 * @param broken the promises that it breaks
 */
record Plant(String fault, Set<String> broken, Gardener gardener) {

    interface Gardener {
        void plant(World world) throws Exception;
    }

    @Override
    public String toString() {
        return fault;
    }

    static Stream<Plant> all() {
        return Stream.of(acceptance(), sagas(), commands(), money(), stock(), effects(), cancellations())
                .flatMap(List::stream);
    }

    private static List<Plant> acceptance() {
        return List.of(
                new Plant("an accepted order is not there", Set.of("P1"),
                        world -> world.accepted.add(new ClientRow(9_999, null))),
                new Plant("an order has no saga", Set.of("P1"), world -> world.order(9_999, "PENDING")),
                new Plant("a saga has no order", Set.of("P1"),
                        world -> world.saga(9_999, 2, "- STARTED - - STARTED",
                                "STARTED STUCK - - STUCK", "STUCK COMPLETED - - DONE")),
                new Plant("an order has two sagas", Set.of("P1"), world -> {
                    world.run(Service.ORCHESTRATOR, "alter table saga_data drop constraint saga_data_business_key");
                    world.insert(Service.ORCHESTRATOR, "saga_data", "id", "77", "definition", "'order-fulfilment'",
                            "business_key", "" + World.COMPLETED);
                    world.insert(Service.ORCHESTRATOR, "saga", "id", "77", "version", "3", "phase", "2",
                            "state", "'COMPLETED'");
                    world.run(Service.ORCHESTRATOR,
                            "insert into saga_log (saga_id, seq, at, from_state, to_state, outcome) values "
                                    + "(77, 1, now(), null, 'STARTED', 'STARTED'), "
                                    + "(77, 2, now(), 'STARTED', 'STUCK', 'STUCK'), "
                                    + "(77, 3, now(), 'STUCK', 'COMPLETED', 'DONE')");
                }),
                new Plant("a rejected request made an order", Set.of("P2"), world -> world.key("k-2", 4_242)),
                new Plant("a key was answered with two orders", Set.of("P3"),
                        world -> world.idsByKey.get("k-1").add(World.BY_CARD)),
                new Plant("a key stands for another order than was said", Set.of("P3"),
                        world -> world.run(Service.ORDER,
                                "update idempotency_key set order_id = " + World.BY_CARD + " where key = 'k-1'")),
                new Plant("an order has two keys", Set.of("P3"), world -> world.key("k-9", World.COMPLETED)),
                new Plant("an accepted order was not found later", Set.of("P4"),
                        world -> read(world, 404, null, -1)),
                new Plant("an order was read in an older version later", Set.of("P4"),
                        world -> read(world, 200, "COMPLETED", 1)),
                new Plant("an ended order was read as another later", Set.of("P4"),
                        world -> read(world, 200, "CANCELLED", 3)),
                new Plant("an order did not end with its saga", Set.of("P5"), world -> {
                    world.run(Service.ORDER, "update orders set status = 'PENDING', reason_code = null, "
                            + "reason_step = null, reason_message = null where id = " + World.PAYMENT_UNKNOWN);
                    world.accepted.removeIf(row -> row.orderId() == World.PAYMENT_UNKNOWN);
                }),
                new Plant("a client heard of another end", Set.of("P5"), world -> {
                    world.accepted.removeIf(row -> row.orderId() == World.COMPLETED);
                    world.accepted.add(new ClientRow(World.COMPLETED, "CANCELLED"));
                }),
                new Plant("a saga is still open", Set.of("P5"), world -> {
                    world.order(9_999, "PENDING");
                    world.saga(9_999, 0, "- STARTED - - STARTED");
                }),
                new Plant("a timer was never heard", Set.of("P7"), world -> world.run(Service.ORCHESTRATOR,
                        "insert into saga_timer values (" + saga(World.COMPLETED) + ", now() - interval '1 hour')")),
                new Plant("a saga is stuck for no reason", Set.of("P7"), world -> {
                    world.order(9_999, "PENDING");
                    world.saga(9_999, 4, "- STARTED - - STARTED", "STARTED STUCK - - STUCK");
                    world.listStuck();
                }));
    }

    private static List<Plant> sagas() {
        return List.of(
                new Plant("a line does not start where the one before ended", Set.of("P8"),
                        world -> log(world, "from_state = 'STARTED'", World.COMPLETED, 4)),
                new Plant("a step was skipped", Set.of("P8", "P11"), world -> world.run(Service.ORCHESTRATOR,
                        "delete from saga_log where seq = 3 and saga_id = " + saga(World.COMPLETED),
                        "update saga_log set seq = seq - 1 where seq > 3 and saga_id = " + saga(World.COMPLETED),
                        "update saga_log set from_state = 'PAYMENT_COMPLETED' where seq = 3 and saga_id = "
                                + saga(World.COMPLETED),
                        "update saga set version = 4 where id = " + saga(World.COMPLETED))),
                new Plant("a state was reached without an answer", Set.of("P8", "P11"),
                        world -> log(world, "outcome = 'TIMEOUT'", World.COMPLETED, 2)),
                new Plant("something followed the end", Set.of("P8"), world -> {
                    long saga = saga(World.COMPLETED);
                    world.run(Service.ORCHESTRATOR,
                            "insert into saga_log (saga_id, seq, at, from_state, to_state, outcome) values (" + saga
                                    + ", 6, now(), 'COMPLETED', 'STUCK', 'STUCK'), (" + saga
                                    + ", 7, now(), 'STUCK', 'COMPLETED', 'DONE')",
                            "update saga set version = 7 where id = " + saga);
                }),
                new Plant("a saga is not where its history ends", Set.of("P9"), world -> world.run(
                        Service.ORCHESTRATOR,
                        "update saga set state = 'COMPENSATING' where id = " + saga(World.PAYMENT_UNKNOWN))),
                new Plant("a saga's change left no line", Set.of("P9"), world -> world.run(
                        Service.ORCHESTRATOR,
                        "update saga set version = 6 where id = " + saga(World.COMPLETED))),
                new Plant("a line is missing", Set.of("P10"), world -> world.run(
                        Service.ORCHESTRATOR,
                        "update saga_log set seq = 9 where seq = 5 and saga_id = " + saga(World.COMPLETED),
                        "update saga set version = 9 where id = " + saga(World.COMPLETED))),
                new Plant("compensations ran forward", Set.of("P12"), world -> {
                    log(world, "step = 'payment'", World.REFUSED_BY_DELIVERY, 6);
                    log(world, "step = 'inventory'", World.REFUSED_BY_DELIVERY, 7);
                }),
                new Plant("a done step was not undone", Set.of("P12"), world -> {
                    log(world, "step = null, direction = null, outcome = 'NOTE'", World.REFUSED_BY_DELIVERY, 6);
                }),
                new Plant("a step was undone after the point of no return", Set.of("P12"), world -> {
                    world.outcome(Service.PAYMENT, World.COMPLETED, "payment", 1, 1);
                    world.run(Service.ORCHESTRATOR,
                            "insert into saga_log (saga_id, seq, at, from_state, to_state, step, direction, outcome) "
                                    + "values (" + saga(World.COMPLETED) + ", 6, now(), 'DELIVERY_SCHEDULED', "
                                    + "'DELIVERY_SCHEDULED', 'payment', 'COMPENSATION', 'DONE')",
                            "update saga_log set seq = 7 where seq = 5 and saga_id = " + saga(World.COMPLETED),
                            "update saga_log set seq = 5 where seq = 6 and saga_id = " + saga(World.COMPLETED),
                            "update saga_log set seq = 6 where seq = 7 and saga_id = " + saga(World.COMPLETED),
                            "update saga_log set reply_position = null where saga_id = " + saga(World.COMPLETED),
                            "update saga set version = 6 where id = " + saga(World.COMPLETED));
                }),
                new Plant("an older reply was taken after a newer one", Set.of("P26"), world ->
                    log(world, "reply_position = 'saga.replies-0@1'", World.COMPLETED, 4)));
    }

    private static List<Plant> commands() {
        return List.of(
                new Plant("a participant forgot what it did", Set.of("P11"), world -> world.run(Service.PAYMENT,
                        "delete from messaging.outcome where direction = 0 and saga_id = " + saga(World.COMPLETED))),
                new Plant("a participant remembers otherwise", Set.of("P11"), world -> world.run(Service.DELIVERY,
                        "update messaging.outcome set status = 1 where saga_id = " + saga(World.REFUSED_BY_DELIVERY))),
                new Plant("a participant acted for a saga that is not there", Set.of("P11"), world ->
                        world.outcome(Service.DELIVERY, 9_999, "delivery", 0, 2)),
                new Plant("a saga ended without knowing what took effect", Set.of("P11"), world -> {
                    log(world, "outcome = 'TIMEOUT'", World.COMPLETED, 5);
                    log(world, "from_state = 'STUCK'", World.COMPLETED, 5);
                    log(world, "to_state = 'STUCK'", World.COMPLETED, 4);
                }),
                new Plant("a command took place twice", Set.of("P11"), world ->
                        world.outcome(Service.INVENTORY, World.COMPLETED, "payment", 0, 1)));
    }

    private static List<Plant> money() {
        return List.of(
                new Plant("a wallet holds more than its entries", Set.of("P13"), world -> world.run(
                        Service.PAYMENT, "update wallet set balance_minor = balance_minor + 1")),
                new Plant("a completed order was not charged", Set.of("P13"), world -> {
                    world.run(Service.PAYMENT, "delete from wallet_entry where order_id = " + World.COMPLETED);
                    world.settle();
                }),
                new Plant("a cancelled order was refunded in part", Set.of("P13", "P20"), world -> {
                    world.run(Service.PAYMENT, "update wallet_entry set amount_minor = 1 where kind = 'REFUND' "
                            + "and order_id = " + World.REFUSED_BY_STOCK);
                    world.settle();
                }),
                new Plant("an order got back more than it paid", Set.of("P13", "P20"), world -> {
                    world.run(Service.PAYMENT, "update wallet_entry set amount_minor = 9999 where kind = 'REFUND' "
                            + "and order_id = " + World.REFUSED_BY_STOCK);
                    world.settle();
                }),
                new Plant("a payment says otherwise than the money", Set.of("P13", "P22"), world -> world.run(
                        Service.PAYMENT, "update payment set status = 'REFUNDED' where order_id = " + World.BY_CARD)),
                new Plant("the gateway booked what we do not know", Set.of("P14", "P18"), world ->
                        world.ledger.add(new GatewayLedger.Entry("REFUND", "r", "?", "0000000000001", 0, "EUR"))),
                new Plant("we booked what the gateway does not know", Set.of("P14"), world -> world.insert(
                        Service.PAYMENT, "gateway_call", "idempotency_key", "'lost'", "order_id", "1",
                        "kind", "'CAPTURE'", "amount_minor", "5", "currency", "'EUR'", "state", "'DONE'",
                        "gateway_id", "'g'")),
                new Plant("the gateway booked another amount", Set.of("P14"), world -> world.run(
                        Service.PAYMENT, "update gateway_call set amount_minor = 1")),
                new Plant("the gateway booked what we have as declined", Set.of("P14"), world -> world.run(
                        Service.PAYMENT, "update gateway_call set state = 'DECLINED', gateway_id = null")),
                new Plant("an order was charged twice", Set.of("P13", "P14", "P15"), world ->
                        world.capture("card-2", World.BY_CARD, 2_500)));
    }

    private static List<Plant> stock() {
        return List.of(
                new Plant("a piece is gone", Set.of("P16"), world -> world.run(
                        Service.INVENTORY, "update product set available = available - 1")),
                new Plant("a piece is reserved for nobody", Set.of("P16"), world -> world.run(
                        Service.INVENTORY, "update product set available = available - 1, reserved = reserved + 1")),
                new Plant("more was sold than there was", Set.of("P17"), world -> {
                    world.run(Service.INVENTORY,
                            "alter table product drop constraint product_available_check",
                            "update reservation set lines = '[{\"sku\":\"A\",\"quantity\":500}]' where order_id = "
                                    + World.COMPLETED);
                    world.settle();
                }));
    }

    private static List<Plant> effects() {
        return List.of(
                new Plant("a saga charged for an order that is not there", Set.of("P11", "P18"), world -> {
                    world.payment(9_999, "CHARGED", "WALLET");
                    world.entry("CHARGE", 2_500, 9_999L);
                    world.outcome(Service.PAYMENT, 9_999, "payment", 0, 1);
                    world.settle();
                }),
                new Plant("an ended order holds stock", Set.of("P18", "P22"), world -> {
                    world.run(Service.INVENTORY,
                            "update reservation set status = 'HELD' where order_id = " + World.COMPLETED);
                    world.settle();
                }),
                new Plant("money came back twice", Set.of("P13", "P19", "P20"), world -> {
                    world.run(Service.PAYMENT, "drop index wallet_entry_once");
                    world.entry("REFUND", 2_500, World.REFUSED_BY_DELIVERY);
                    world.settle();
                }),
                new Plant("a cancelled order keeps its money", Set.of("P13", "P20"), world -> {
                    world.run(Service.PAYMENT,
                            "delete from wallet_entry where kind = 'REFUND' and order_id = " + World.REFUSED_BY_STOCK);
                    world.settle();
                }),
                new Plant("a cancelled order is delivered", Set.of("P20", "P22"), world -> {
                    world.run(Service.DELIVERY, "delete from delivery where order_id = " + World.REFUSED_BY_DELIVERY);
                    world.delivery(World.REFUSED_BY_DELIVERY, "SCHEDULED");
                }),
                new Plant("an action came after its compensation and took effect", Set.of("P13", "P20", "P21"),
                        world -> {
                            world.payment(World.PAYMENT_UNKNOWN, "CHARGED", "WALLET");
                            world.entry("CHARGE", 2_500, World.PAYMENT_UNKNOWN);
                            world.settle();
                        }),
                new Plant("a completed order is not delivered", Set.of("P22"), world -> world.run(
                        Service.DELIVERY, "delete from delivery where order_id = " + World.COMPLETED)));
    }

    /** Of completed orders that were undone, or were to be. */
    private static List<Plant> cancellations() {
        return List.of(
                new Plant("a saga undoes an order that is not there", Set.of("P1"),
                        world -> world.refusedToCancel(9_999)),
                new Plant("a saga that undoes has data but no state", Set.of("P1"), world -> {
                    world.refusedToCancel(World.COMPLETED);
                    world.run(Service.ORCHESTRATOR,
                            "delete from saga_log where saga_id = " + undoing(World.COMPLETED),
                            "delete from saga where id = " + undoing(World.COMPLETED));
                    forgetUndoing(world, World.COMPLETED, Service.DELIVERY, Service.ORDER);
                }),
                new Plant("a completed order was read as undone though it never was", Set.of("P4"),
                        world -> read(world, 200, "CANCELLED", 3)),
                new Plant("an undone order did not end so", Set.of("P4", "P5", "P13", "P22"), world -> world.run(
                        Service.ORDER, "update orders set status = 'COMPLETED', reason_code = null, "
                                + "cancellation_state = null, cancellation_of = null where id = " + World.UNDONE)),
                new Plant("a kept order is cancelled", Set.of("P5", "P13", "P20"), world -> world.run(
                        Service.ORDER, "update orders set status = 'CANCELLED', reason_code = 'X' where id = "
                                + World.KEPT)),
                new Plant("an order is still being undone", Set.of("P5"), world -> {
                    world.cancellation(World.COMPLETED, 0,
                            "- STARTED - - STARTED",
                            "STARTED DELIVERY_CANCELLED delivery ACTION DONE");
                    world.cancellationOutcome(Service.DELIVERY, World.COMPLETED, "delivery", 0, 1);
                    world.run(Service.DELIVERY, "update delivery set status = 'CANCELLED', address = null, "
                            + "ended_at = now() where order_id = " + World.COMPLETED);
                }),
                new Plant("an order was undone as completed that never was", Set.of("P5"),
                        world -> world.cancelled(World.REFUSED_BY_STOCK)),
                new Plant("a wish was never answered", Set.of("P5"),
                        world -> world.wish(World.KEPT, "REQUESTED")),
                new Plant("a wish was granted and nothing done", Set.of("P5"),
                        world -> world.wish(World.KEPT, "GRANTED")),
                new Plant("stock came back before the delivery was cancelled", Set.of("P8"), world -> {
                    undoingLog(world, "to_state = 'STOCK_RETURNED'", World.UNDONE, 2);
                    undoingLog(world, "from_state = 'STOCK_RETURNED'", World.UNDONE, 3);
                }),
                new Plant("a saga that undoes is in a state of another", Set.of("P8", "P9"), world -> {
                    world.run(Service.ORCHESTRATOR,
                            "delete from saga_log where seq > 2 and saga_id = " + undoing(World.UNDONE),
                            "update saga set phase = 2, version = 2, state = 'PAYMENT_COMPLETED' where id = "
                                    + undoing(World.UNDONE));
                    undoingLog(world, "to_state = 'PAYMENT_COMPLETED'", World.UNDONE, 2);
                    forgetUndoing(world, World.UNDONE, Service.INVENTORY, Service.PAYMENT, Service.ORDER);
                }),
                new Plant("a participant forgot what it undid", Set.of("P11"), world ->
                        forgetUndoing(world, World.UNDONE, Service.INVENTORY)),
                new Plant("an order was kept whose delivery was cancelled", Set.of("P12"), world -> {
                    undoingLog(world, "outcome = 'DONE'", World.KEPT, 2);
                    world.run(Service.DELIVERY,
                            "update messaging.outcome set status = 1 where saga_id = " + undoing(World.KEPT));
                }),
                new Plant("an undone order keeps its money", Set.of("P13", "P20"), world -> {
                    world.run(Service.PAYMENT,
                            "delete from wallet_entry where kind = 'REFUND' and order_id = " + World.UNDONE);
                    world.settle();
                }),
                new Plant("an undone order keeps its stock", Set.of("P20"), world -> {
                    world.run(Service.INVENTORY,
                            "update reservation set status = 'SHIPPED' where order_id = " + World.UNDONE);
                    world.settle();
                }),
                new Plant("an undone order is on its way", Set.of("P20", "P22"), world -> world.run(
                        Service.DELIVERY, "update delivery set status = 'DISPATCHED', address = '{}' "
                                + "where order_id = " + World.UNDONE)),
                new Plant("what was never to be delivered is on its way", Set.of("P20", "P21", "P22"), world -> {
                    world.outcome(Service.DELIVERY, World.PAYMENT_UNKNOWN, "delivery", 0, 3);
                    world.delivery(World.PAYMENT_UNKNOWN, "DISPATCHED");
                }),
                new Plant("a completed order was paid back", Set.of("P13", "P22"), world -> {
                    world.run(Service.PAYMENT,
                            "update payment set status = 'REFUNDED' where order_id = " + World.KEPT);
                    world.entry("REFUND", 2_500, World.KEPT);
                    world.settle();
                }));
    }

    private static void forgetUndoing(World world, long order, Service... services) throws Exception {
        for (Service service : services) {
            world.run(service, "delete from messaging.outcome where saga_id = " + undoing(order));
        }
    }

    private static void undoingLog(World world, String change, long order, int seq) throws Exception {
        world.run(Service.ORCHESTRATOR,
                "update saga_log set " + change + " where seq = " + seq + " and saga_id = " + undoing(order));
    }

    private static long undoing(long order) {
        return order + World.CANCELLATION;
    }

    private static void read(World world, int httpStatus, String status, int version) {
        world.reads.get(World.COMPLETED).add(new ClientHistory.Read(50, 60, httpStatus, status, version));
    }

    private static void log(World world, String change, long order, int seq) throws Exception {
        world.run(Service.ORCHESTRATOR,
                "update saga_log set " + change + " where seq = " + seq + " and saga_id = " + saga(order));
    }

    private static long saga(long order) {
        return order + World.SAGA;
    }
}
