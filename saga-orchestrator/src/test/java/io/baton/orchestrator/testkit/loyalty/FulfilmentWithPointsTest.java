package io.baton.orchestrator.testkit.loyalty;

import static io.baton.orchestrator.testkit.SagaStory.given;

import io.baton.contract.OrderId;
import io.baton.contract.delivery.ScheduleDelivery;
import io.baton.contract.inventory.ReserveStock;
import io.baton.contract.order.CompleteOrder;
import io.baton.contract.order.FulfilOrder;
import io.baton.contract.payment.ChargePayment;
import io.baton.orchestrator.execution.ExecutionBench;
import io.baton.orchestrator.testkit.loyalty.LoyaltyContract.GrantPoints;
import org.junit.jupiter.api.Test;

class FulfilmentWithPointsTest {

    private static final OrderId ID = new OrderId(4711);
    private static final FulfilOrder ORDER = ExecutionBench.fulfil(ID);
    private static final ChargePayment CHARGE =
            new ChargePayment(ID, "c-1", ORDER.total(), ORDER.paymentMethod(), ORDER.cardToken());
    private static final ReserveStock RESERVE = new ReserveStock(ID, ORDER.lines());
    private static final ScheduleDelivery SCHEDULE = new ScheduleDelivery(ID, ORDER.deliveryAddress());

    // [story
    @Test
    void points_are_granted_once_the_delivery_is_certain() {
        given(FulfilmentWithPoints.definition(), ORDER)
                .expect(CHARGE).done()
                .expect(RESERVE).done()
                .expect(SCHEDULE).done()
                .expect(new GrantPoints(ID, "c-1", ORDER.total())).failed().state("DELIVERY_SCHEDULED")
                .silence()
                .expect(new GrantPoints(ID, "c-1", ORDER.total())).done().state("POINTS_GRANTED")
                .expect(new CompleteOrder(ID)).done().state("COMPLETED")
                .nothingElse();
    }
    // story]
}
