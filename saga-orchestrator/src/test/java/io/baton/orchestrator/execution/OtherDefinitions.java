package io.baton.orchestrator.execution;

import static io.baton.orchestrator.saga.Step.compensable;
import static io.baton.orchestrator.saga.Step.pivot;
import static io.baton.orchestrator.saga.Step.retriable;

import io.baton.contract.delivery.ScheduleDelivery;
import io.baton.contract.order.CancelOrder;
import io.baton.contract.order.CompleteOrder;
import io.baton.contract.order.FulfilOrder;
import io.baton.contract.payment.ChargePayment;
import io.baton.contract.payment.PaymentCharged;
import io.baton.contract.payment.RefundPayment;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.Step;
import java.time.Duration;
import java.util.List;

/** Definitions that are not those of this program, as those of an earlier or a later one. */
final class OtherDefinitions {

    private OtherDefinitions() {}

    static Step<FulfilOrder> given() {
        return Step.<FulfilOrder>given("order").reaches("STARTED").compensation(
                CancelOrder.class,
                (data, why) -> new CancelOrder(data.orderId(), why.code(), why.step(), why.message()));
    }

    /** The refund names the payment that the charge answered with. */
    static SagaDefinition<FulfilOrder> capturing(int version) {
        return new SagaDefinition<>(
                "capturing",
                version,
                FulfilOrder.class,
                o -> o.orderId().value(),
                List.of(
                        compensable("payment", ChargePayment.class, OtherDefinitions::charge)
                                .reaches("PAID")
                                .compensation(
                                        CancelOrder.class,
                                        PaymentCharged.class,
                                        (data, why, charged) -> new CancelOrder(
                                                data.orderId(),
                                                why.code(),
                                                "payment",
                                                charged == null ? "unknown" : charged.paymentId())),
                        pivot("delivery", ScheduleDelivery.class, OtherDefinitions::schedule)
                                .reaches("SCHEDULED")),
                Duration.ofMinutes(10),
                Duration.ofHours(1));
    }

    /** Order fulfilment without stock. */
    static SagaDefinition<FulfilOrder> shorter(int version) {
        return new SagaDefinition<>(
                "order-fulfilment",
                version,
                FulfilOrder.class,
                o -> o.orderId().value(),
                List.of(
                        given(),
                        compensable("payment", ChargePayment.class, OtherDefinitions::charge)
                                .reaches("PAYMENT_COMPLETED")
                                .compensation(RefundPayment.class, (data, why) -> new RefundPayment(data.orderId())),
                        pivot("delivery", ScheduleDelivery.class, OtherDefinitions::schedule)
                                .reaches("DELIVERY_SCHEDULED"),
                        retriable("completion", CompleteOrder.class,
                                        (FulfilOrder data) -> new CompleteOrder(data.orderId()))
                                .reaches("COMPLETED")),
                Duration.ofMinutes(10),
                Duration.ofHours(1));
    }

    static ChargePayment charge(FulfilOrder data) {
        return new ChargePayment(
                data.orderId(), data.customerId(), data.total(), data.paymentMethod(), data.cardToken());
    }

    static ScheduleDelivery schedule(FulfilOrder data) {
        return new ScheduleDelivery(data.orderId(), data.deliveryAddress());
    }
}
