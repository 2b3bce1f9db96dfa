package io.baton.orchestrator.testkit;

import static io.baton.orchestrator.saga.Step.compensable;
import static io.baton.orchestrator.saga.Step.pivot;
import static io.baton.orchestrator.saga.Step.retriable;
import static io.baton.orchestrator.saga.Together.together;

import io.baton.contract.delivery.ScheduleDelivery;
import io.baton.contract.inventory.ReleaseStock;
import io.baton.contract.inventory.ReserveStock;
import io.baton.contract.inventory.ReturnStock;
import io.baton.contract.order.CancelOrder;
import io.baton.contract.order.CompleteOrder;
import io.baton.contract.order.FulfilOrder;
import io.baton.contract.payment.ChargePayment;
import io.baton.contract.payment.PaymentCharged;
import io.baton.contract.payment.RefundPayment;
import io.baton.orchestrator.saga.Reaction;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.Step;
import java.time.Duration;
import java.util.List;

/** A saga that only tests see, with every kind of step and reaction, in parallel on both sides of its pivot. */
public final class ParallelSample {

    private ParallelSample() {}

    public static SagaDefinition<FulfilOrder> definition() {
        return new SagaDefinition<>(
                "parallel-sample",
                1,
                FulfilOrder.class,
                order -> order.orderId().value(),
                List.of(
                        Step.<FulfilOrder>given("order").reaches("STARTED").compensation(
                                CancelOrder.class,
                                (order, why) -> new CancelOrder(
                                        order.orderId(), why.code(), why.step(), why.message())),
                        together(
                                "HELD",
                                compensable("payment", ChargePayment.class, ParallelSample::charge)
                                        .onSilence(Reaction.PROBE)
                                        .compensation(
                                                RefundPayment.class,
                                                PaymentCharged.class,
                                                (order, why, charged) -> new RefundPayment(order.orderId())),
                                compensable(
                                                "inventory",
                                                ReserveStock.class,
                                                (FulfilOrder order) -> new ReserveStock(order.orderId(), order.lines()))
                                        .onFailure(Reaction.COMPENSATE)
                                        .compensation(
                                                ReleaseStock.class, (order, why) -> new ReleaseStock(order.orderId()))),
                        pivot(
                                        "delivery",
                                        ScheduleDelivery.class,
                                        (FulfilOrder order) ->
                                                new ScheduleDelivery(order.orderId(), order.deliveryAddress()))
                                .reaches("SCHEDULED")
                                .onSilence(Reaction.STUCK),
                        together(
                                "COMPLETED",
                                retriable("completion", CompleteOrder.class,
                                        (FulfilOrder order) -> new CompleteOrder(order.orderId())),
                                retriable("samples", ReturnStock.class,
                                                (FulfilOrder order) -> new ReturnStock(order.orderId()))
                                        .onFailure(Reaction.STUCK)
                                        .onRefusal(Reaction.STUCK))),
                Duration.ofMinutes(10),
                Duration.ofHours(1));
    }

    private static ChargePayment charge(FulfilOrder order) {
        return new ChargePayment(
                order.orderId(), order.customerId(), order.total(), order.paymentMethod(), order.cardToken());
    }
}
