package io.baton.orchestrator.cancellation;

import io.baton.contract.OrderId;
import io.baton.contract.delivery.CancelDelivery;
import io.baton.contract.inventory.ReturnStock;
import io.baton.contract.order.CancelCompletedOrder;
import io.baton.contract.order.CancelOrder;
import io.baton.contract.order.KeepOrder;
import io.baton.contract.payment.RefundPayment;
import io.baton.orchestrator.saga.OperatorAction;
import io.baton.orchestrator.testkit.SagaStory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What becomes of a completed order that its customer gives back, told as it happens. */
class OrderCancellationTest {

    private static final OrderId ID = new OrderId(4711);
    private static final CancelCompletedOrder WISH =
            new CancelCompletedOrder(ID, "CANCELLED_BY_CUSTOMER", "Changed my mind.");
    private static final CancelDelivery CANCEL_DELIVERY = new CancelDelivery(ID);
    private static final ReturnStock RETURN = new ReturnStock(ID);
    private static final RefundPayment REFUND = new RefundPayment(ID);
    private static final CancelOrder CANCEL =
            new CancelOrder(ID, "CANCELLED_BY_CUSTOMER", "order", "Changed my mind.");

    @Test
    void a_completed_order_is_given_back() {
        given(WISH)
                .state("STARTED")
                .expect(CANCEL_DELIVERY).done().state("DELIVERY_CANCELLED")
                .expect(RETURN).done().state("STOCK_RETURNED")
                .expect(REFUND).done().state("PAYMENT_REFUNDED")
                .expect(CANCEL).done().state("COMPLETED")
                .nothingElse();
    }

    @Test
    void an_order_that_was_shipped_is_kept() {
        given(WISH)
                .expect(CANCEL_DELIVERY).refused("ALREADY_SHIPPED").state("COMPENSATING")
                .expect(new KeepOrder(ID, "ALREADY_SHIPPED", "No.")).done().state("COMPENSATED")
                .nothingElse();
    }

    @Test
    void a_delivery_of_which_nothing_is_known_is_neither_kept_nor_given_back() {
        SagaStory<CancelCompletedOrder> story = given(WISH);
        for (int attempt = 1; attempt <= 6; attempt++) {
            story.expect(CANCEL_DELIVERY, attempt).nothingElse().silence();
        }
        story.stuck("OUTCOME_UNKNOWN")
                .nothingElse()
                .operatorRefused(new OperatorAction.Compensate())
                .operator(new OperatorAction.Resolve("delivery", false)).state("COMPENSATING")
                .expect(new KeepOrder(ID, "CANCELLED_BY_OPERATOR", "An operator found that it did not take effect."))
                .done().state("COMPENSATED");
    }

    @Test
    void once_the_delivery_is_cancelled_no_participant_can_say_no() {
        SagaStory<CancelCompletedOrder> story = given(WISH).expect(CANCEL_DELIVERY).done();
        for (int attempt = 1; attempt <= 5; attempt++) {
            story.expect(RETURN, attempt).refused("NOT_TODAY").state("DELIVERY_CANCELLED").nothingElse().silence();
        }
        story.expect(RETURN, 6).refused("NOT_TODAY").stuck("RETRIES_EXHAUSTED").nothingElse()
                .operatorRefused(new OperatorAction.Compensate())
                .operator(new OperatorAction.Retry())
                .expect(RETURN, 7).done()
                .expect(REFUND);
    }

    @Test
    void a_refund_that_takes_longer_than_the_deadline_needs_a_person_and_heals_by_itself() {
        given(WISH)
                .expect(CANCEL_DELIVERY).done()
                .expect(RETURN).done()
                .expect(REFUND).after(Duration.ofHours(2)).stuck("DEADLINE_PASSED_AFTER_PIVOT").nothingElse()
                .done().state("PAYMENT_REFUNDED")
                .expect(CANCEL).done().state("COMPLETED");
    }

    @Test
    void the_wish_cannot_be_taken_back_once_the_delivery_was_asked() {
        given(WISH).cancelRefused().expect(CANCEL_DELIVERY).done().cancelRefused();
    }

    private static SagaStory<CancelCompletedOrder> given(CancelCompletedOrder wish) {
        return SagaStory.given(OrderCancellation.definition(), wish);
    }
}
