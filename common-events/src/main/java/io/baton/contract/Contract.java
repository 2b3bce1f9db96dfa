package io.baton.contract;

import static io.baton.contract.Topics.DELIVERY_COMMANDS;
import static io.baton.contract.Topics.INVENTORY_COMMANDS;
import static io.baton.contract.Topics.INVENTORY_EVENTS;
import static io.baton.contract.Topics.ORDER_COMMANDS;
import static io.baton.contract.Topics.ORDER_EVENTS;
import static io.baton.contract.Topics.PAYMENT_COMMANDS;
import static io.baton.contract.Topics.SAGA_DEAD_LETTERS;
import static io.baton.contract.Topics.SAGA_EVENTS;
import static io.baton.contract.Topics.SAGA_REPLIES;
import static io.baton.contract.Topics.SAGA_REQUESTS;

import io.baton.contract.delivery.CancelDelivery;
import io.baton.contract.delivery.DeliveryCancelled;
import io.baton.contract.delivery.DeliveryRefused;
import io.baton.contract.delivery.DeliveryScheduled;
import io.baton.contract.delivery.ScheduleDelivery;
import io.baton.contract.inventory.ProductChanged;
import io.baton.contract.inventory.ReleaseStock;
import io.baton.contract.inventory.ReserveStock;
import io.baton.contract.inventory.ReturnStock;
import io.baton.contract.inventory.StockRefused;
import io.baton.contract.inventory.StockReleased;
import io.baton.contract.inventory.StockReserved;
import io.baton.contract.inventory.StockReturned;
import io.baton.contract.order.CancelCompletedOrder;
import io.baton.contract.order.CancelOrder;
import io.baton.contract.order.CompleteOrder;
import io.baton.contract.order.FulfilOrder;
import io.baton.contract.order.KeepOrder;
import io.baton.contract.order.OrderCancelled;
import io.baton.contract.order.OrderCompleted;
import io.baton.contract.order.OrderKept;
import io.baton.contract.payment.ChargePayment;
import io.baton.contract.payment.PaymentCharged;
import io.baton.contract.payment.PaymentRefunded;
import io.baton.contract.payment.PaymentRefused;
import io.baton.contract.payment.RefundPayment;
import java.util.List;

/** Every message that two services exchange, with the topics on which it may stand. */
public final class Contract {

    public static final List<MessageType> MESSAGES = List.of(
            MessageType.of("order", FulfilOrder.class, SAGA_REQUESTS),
            MessageType.of("order", CancelCompletedOrder.class, SAGA_REQUESTS),
            MessageType.of("payment", ChargePayment.class, PAYMENT_COMMANDS),
            MessageType.of("payment", RefundPayment.class, PAYMENT_COMMANDS),
            MessageType.of("payment", PaymentCharged.class, SAGA_REPLIES),
            MessageType.of("payment", PaymentRefused.class, SAGA_REPLIES),
            MessageType.of("payment", PaymentRefunded.class, SAGA_REPLIES),
            MessageType.of("inventory", ReserveStock.class, INVENTORY_COMMANDS),
            MessageType.of("inventory", ReleaseStock.class, INVENTORY_COMMANDS),
            MessageType.of("inventory", StockReserved.class, SAGA_REPLIES),
            MessageType.of("inventory", StockRefused.class, SAGA_REPLIES),
            MessageType.of("inventory", StockReleased.class, SAGA_REPLIES),
            MessageType.of("inventory", ReturnStock.class, INVENTORY_COMMANDS),
            MessageType.of("inventory", StockReturned.class, SAGA_REPLIES),
            MessageType.of("inventory", ProductChanged.class, INVENTORY_EVENTS),
            MessageType.of("delivery", ScheduleDelivery.class, DELIVERY_COMMANDS),
            MessageType.of("delivery", DeliveryScheduled.class, SAGA_REPLIES),
            MessageType.of("delivery", DeliveryRefused.class, SAGA_REPLIES),
            MessageType.of("delivery", CancelDelivery.class, DELIVERY_COMMANDS),
            MessageType.of("delivery", DeliveryCancelled.class, SAGA_REPLIES),
            MessageType.of("order", CompleteOrder.class, ORDER_COMMANDS),
            MessageType.of("order", CancelOrder.class, ORDER_COMMANDS),
            MessageType.of("order", KeepOrder.class, ORDER_COMMANDS),
            MessageType.of("order", OrderKept.class, SAGA_REPLIES),
            MessageType.of("order", OrderCompleted.class, SAGA_REPLIES, ORDER_EVENTS),
            MessageType.of("order", OrderCancelled.class, SAGA_REPLIES, ORDER_EVENTS),
            MessageType.of("saga", CancelSaga.class, SAGA_REQUESTS),
            MessageType.of("saga", CancellationRefused.class, SAGA_EVENTS),
            MessageType.of("saga", SagaStuck.class, SAGA_DEAD_LETTERS),
            MessageType.of("saga", CommandFailed.class, SAGA_REPLIES),
            MessageType.of("saga", CommandRefused.class, SAGA_REPLIES),
            MessageType.of("saga", NothingToUndo.class, SAGA_REPLIES));

    private Contract() {}
}
