package io.baton.orchestrator.fulfilment;

import static io.baton.orchestrator.saga.Step.compensable;
import static io.baton.orchestrator.saga.Step.pivot;
import static io.baton.orchestrator.saga.Step.retriable;

import io.baton.contract.delivery.ScheduleDelivery;
import io.baton.contract.inventory.ReleaseStock;
import io.baton.contract.inventory.ReserveStock;
import io.baton.contract.order.CancelOrder;
import io.baton.contract.order.CompleteOrder;
import io.baton.contract.order.FulfilOrder;
import io.baton.contract.payment.ChargePayment;
import io.baton.contract.payment.RefundPayment;
import io.baton.orchestrator.saga.Facts;
import io.baton.orchestrator.saga.Reason;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.Step;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How an order is fulfilled: each step with the command that does it and, beside it, the command that undoes it.
 *
 * <p>Steps are done from top to bottom. If one before the delivery is refused or never answers, what was done above it
 * is undone from bottom to top. Once the delivery is scheduled, the order will be completed, however long it takes.
 */
public final class OrderFulfilment {

    private OrderFulfilment() {}

    public static SagaDefinition<FulfilOrder> definition() {
        return new SagaDefinition<>(
                "order-fulfilment",
                1,
                FulfilOrder.class,
                order -> order.orderId().value(),
                List.of(
                        Step.<FulfilOrder>given("order")
                                .reaches("STARTED")
                                .compensation(CancelOrder.class, OrderFulfilment::cancel),
                        compensable("payment", ChargePayment.class, OrderFulfilment::charge)
                                .reaches("PAYMENT_COMPLETED")
                                .compensation(RefundPayment.class, (order, why) -> new RefundPayment(order.orderId())),
                        compensable("inventory", ReserveStock.class, OrderFulfilment::reserve)
                                .reaches("INVENTORY_RESERVED")
                                .compensation(ReleaseStock.class, (order, why) -> new ReleaseStock(order.orderId())),
                        pivot("delivery", ScheduleDelivery.class, OrderFulfilment::schedule)
                                .reaches("DELIVERY_SCHEDULED"),
                        retriable("completion", CompleteOrder.class, OrderFulfilment::complete)
                                .reaches("COMPLETED")),
                        Duration.ofMinutes(10),
                        Duration.ofHours(1))
                .withFacts(new Facts<>(
                        FulfilOrder::customerId, FulfilOrder::total, Set.of("/deliveryAddress", "/cardToken")));
    }

    private static ChargePayment charge(FulfilOrder order) {
        return new ChargePayment(
                order.orderId(), order.customerId(), order.total(), order.paymentMethod(), order.cardToken());
    }

    private static ReserveStock reserve(FulfilOrder order) {
        return new ReserveStock(order.orderId(), order.lines());
    }

    private static ScheduleDelivery schedule(FulfilOrder order) {
        return new ScheduleDelivery(order.orderId(), order.deliveryAddress());
    }

    private static CompleteOrder complete(FulfilOrder order) {
        return new CompleteOrder(order.orderId());
    }

    private static CancelOrder cancel(FulfilOrder order, Reason why) {
        return new CancelOrder(order.orderId(), why.code(), why.step(), why.message());
    }
}
