package io.baton.contract;

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
import io.baton.contract.order.DeliveryAddress;
import io.baton.contract.order.FulfilOrder;
import io.baton.contract.order.KeepOrder;
import io.baton.contract.order.OrderCancelled;
import io.baton.contract.order.OrderCompleted;
import io.baton.contract.order.OrderKept;
import io.baton.contract.order.OrderLine;
import io.baton.contract.order.PaymentMethod;
import io.baton.contract.payment.ChargePayment;
import io.baton.contract.payment.PaymentCharged;
import io.baton.contract.payment.PaymentRefunded;
import io.baton.contract.payment.PaymentRefused;
import io.baton.contract.payment.RefundPayment;
import java.time.Instant;
import java.util.List;

/** One message of each kind. */
final class Examples {

    private static final OrderId ORDER = OrderId.parse("0D4J2K8000001");
    private static final List<OrderLine> LINES = List.of(new OrderLine("KEYBOARD", 2), new OrderLine("MOUSE", 1));
    private static final DeliveryAddress ADDRESS =
            new DeliveryAddress("Ada Example", "Main Street 1", null, "Berlin", "10115", "DE");

    static final List<Record> ALL = List.of(
            new FulfilOrder(
                    ORDER,
                    "c-1",
                    LINES,
                    new Money(11_997, "EUR"),
                    PaymentMethod.WALLET,
                    null,
                    ADDRESS,
                    Instant.parse("2026-03-01T10:15:30.123456Z")),
            new ChargePayment(ORDER, "c-1", new Money(11_997, "EUR"), PaymentMethod.CARD, "tok_ok"),
            new RefundPayment(ORDER),
            new PaymentCharged(ORDER, "p-0D4J2K8000001"),
            new PaymentRefused(ORDER, RefusalCode.INSUFFICIENT_FUNDS, "The wallet holds less than the order costs."),
            new PaymentRefunded(ORDER),
            new ReserveStock(ORDER, LINES),
            new ReleaseStock(ORDER),
            new StockReserved(ORDER),
            new StockRefused(ORDER, RefusalCode.OUT_OF_STOCK, "KEYBOARD: 2 were ordered, 1 is available."),
            new StockReleased(ORDER),
            new ProductChanged("KEYBOARD", "Keyboard", new Money(4_999, "EUR"), 3),
            new ScheduleDelivery(ORDER, ADDRESS),
            new DeliveryScheduled(ORDER, "d-0D4J2K8000001"),
            new DeliveryRefused(ORDER, RefusalCode.ADDRESS_NOT_SERVED, "Nobody delivers to this country."),
            new CompleteOrder(ORDER),
            new CancelOrder(ORDER, RefusalCode.OUT_OF_STOCK, "inventory", "KEYBOARD is out of stock."),
            new OrderCompleted(ORDER),
            new OrderCancelled(ORDER, RefusalCode.OUT_OF_STOCK),
            new CancelCompletedOrder(ORDER, RefusalCode.CANCELLED_BY_CUSTOMER, "The customer no longer wants it."),
            new CancelDelivery(ORDER),
            new DeliveryCancelled(ORDER),
            new ReturnStock(ORDER),
            new StockReturned(ORDER),
            new KeepOrder(ORDER, RefusalCode.ALREADY_SHIPPED, "The order is on its way."),
            new OrderKept(ORDER),
            new CancelSaga("order-fulfilment", RefusalCode.CANCELLED_BY_CUSTOMER, "The customer no longer wants it."),
            new CancellationRefused("order-fulfilment", "The saga is past its point of no return."),
            new SagaStuck(
                    SagaId.parse("0D4J2K8000002"),
                    "order-fulfilment",
                    1,
                    "COMPENSATION",
                    "COMPENSATION_FAILED",
                    "payment",
                    "Failed at the last of 6 attempts: GATEWAY_UNAVAILABLE: The gateway does not answer."),
            new CommandFailed("GATEWAY_UNAVAILABLE", "The gateway does not answer.", 2_000),
            new CommandRefused("EXPIRED", "The command came after its expiry."),
            new NothingToUndo());

    private Examples() {}

    static Record of(MessageType type) {
        return ALL.stream()
                .filter(type.body()::isInstance)
                .findFirst()
                .orElseThrow(() -> new AssertionError("Add an example of " + type.name() + " to Examples"));
    }
}
