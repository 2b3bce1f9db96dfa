package io.baton.orchestrator.cancellation;

import static io.baton.orchestrator.saga.Step.pivot;
import static io.baton.orchestrator.saga.Step.retriable;

import io.baton.contract.delivery.CancelDelivery;
import io.baton.contract.inventory.ReturnStock;
import io.baton.contract.order.CancelCompletedOrder;
import io.baton.contract.order.CancelOrder;
import io.baton.contract.order.KeepOrder;
import io.baton.contract.payment.RefundPayment;
import io.baton.orchestrator.saga.Facts;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.Step;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How a completed order is undone before it ships. Whether that is still possible is for the delivery to say: if it
 * refuses, the order stays as it is. Once the delivery is cancelled everything else follows, however long it takes.
 */
public final class OrderCancellation {

    private OrderCancellation() {}

    public static SagaDefinition<CancelCompletedOrder> definition() {
        return new SagaDefinition<>(
                "order-cancellation",
                1,
                CancelCompletedOrder.class,
                order -> order.orderId().value(),
                List.of(
                        Step.<CancelCompletedOrder>given("order")
                                .reaches("STARTED")
                                .compensation(
                                        KeepOrder.class,
                                        (order, why) -> new KeepOrder(order.orderId(), why.code(), why.message())),
                        pivot("delivery", CancelDelivery.class, OrderCancellation::cancelDelivery)
                                .reaches("DELIVERY_CANCELLED"),
                        retriable("inventory", ReturnStock.class, OrderCancellation::returnStock)
                                .reaches("STOCK_RETURNED"),
                        retriable("payment", RefundPayment.class, OrderCancellation::refund)
                                .reaches("PAYMENT_REFUNDED"),
                        retriable("completion", CancelOrder.class, OrderCancellation::cancelOrder)
                                .reaches("COMPLETED")),
                        Duration.ofMinutes(10),
                        Duration.ofHours(1))
                .withFacts(new Facts<>(_ -> null, _ -> null, Set.of()));
    }

    private static CancelDelivery cancelDelivery(CancelCompletedOrder order) {
        return new CancelDelivery(order.orderId());
    }

    private static ReturnStock returnStock(CancelCompletedOrder order) {
        return new ReturnStock(order.orderId());
    }

    private static RefundPayment refund(CancelCompletedOrder order) {
        return new RefundPayment(order.orderId());
    }

    private static CancelOrder cancelOrder(CancelCompletedOrder order) {
        return new CancelOrder(order.orderId(), order.code(), "order", order.message());
    }
}
