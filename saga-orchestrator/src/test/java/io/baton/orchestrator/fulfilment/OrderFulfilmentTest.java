package io.baton.orchestrator.fulfilment;

import io.baton.contract.Money;
import io.baton.contract.OrderId;
import io.baton.contract.delivery.ScheduleDelivery;
import io.baton.contract.inventory.ReleaseStock;
import io.baton.contract.inventory.ReserveStock;
import io.baton.contract.order.CancelOrder;
import io.baton.contract.order.CompleteOrder;
import io.baton.contract.order.DeliveryAddress;
import io.baton.contract.order.FulfilOrder;
import io.baton.contract.order.OrderLine;
import io.baton.contract.order.PaymentMethod;
import io.baton.contract.payment.ChargePayment;
import io.baton.contract.payment.RefundPayment;
import io.baton.orchestrator.saga.Direction;
import io.baton.orchestrator.testkit.SagaStory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of an order, told as it happens. */
class OrderFulfilmentTest {

    private static final OrderId ID = new OrderId(4711);
    private static final FulfilOrder ORDER = new FulfilOrder(
            ID,
            "c-1",
            List.of(new OrderLine("KEYBOARD", 2)),
            new Money(9_998, "EUR"),
            PaymentMethod.CARD,
            "tok_ok",
            new DeliveryAddress("A. Person", "Street 1", null, "Town", "12345", "DE"),
            Instant.parse("2026-01-01T11:59:59Z"));

    private static final ChargePayment CHARGE =
            new ChargePayment(ID, "c-1", new Money(9_998, "EUR"), PaymentMethod.CARD, "tok_ok");
    private static final ReserveStock RESERVE = new ReserveStock(ID, ORDER.lines());
    private static final ScheduleDelivery SCHEDULE = new ScheduleDelivery(ID, ORDER.deliveryAddress());
    private static final CompleteOrder COMPLETE = new CompleteOrder(ID);
    private static final RefundPayment REFUND = new RefundPayment(ID);
    private static final ReleaseStock RELEASE = new ReleaseStock(ID);

    @Test
    void an_order_is_paid_reserved_scheduled_and_completed() {
        given(ORDER)
                .state("STARTED")
                .expect(CHARGE).done().state("PAYMENT_COMPLETED")
                .expect(RESERVE).done().state("INVENTORY_RESERVED")
                .expect(SCHEDULE).done().state("DELIVERY_SCHEDULED")
                .expect(COMPLETE).done().state("COMPLETED")
                .nothingElse();
    }

    @Test
    void an_order_that_cannot_be_paid_is_cancelled() {
        given(ORDER)
                .expect(CHARGE).refused("CARD_DECLINED").state("COMPENSATING").because("CARD_DECLINED", "payment")
                .expect(new CancelOrder(ID, "CARD_DECLINED", "payment", "No.")).done().state("COMPENSATED")
                .nothingElse();
    }

    @Test
    void an_order_that_is_out_of_stock_is_refunded_and_cancelled() {
        given(ORDER)
                .expect(CHARGE).done()
                .expect(RESERVE).refused("OUT_OF_STOCK").because("OUT_OF_STOCK", "inventory")
                .expect(REFUND).done().state("COMPENSATING")
                .expect(new CancelOrder(ID, "OUT_OF_STOCK", "inventory", "No.")).done().state("COMPENSATED")
                .nothingElse();
    }

    @Test
    void compensations_run_in_the_exact_reverse_order_of_the_actions() {
        given(ORDER)
                .expect(CHARGE).done()
                .expect(RESERVE).done()
                .expect(SCHEDULE).refused("ADDRESS_NOT_SERVED")
                .expect(RELEASE).done()
                .expect(REFUND).done()
                .expect(new CancelOrder(ID, "ADDRESS_NOT_SERVED", "delivery", "No.")).done().state("COMPENSATED")
                .nothingElse();
    }

    @Test
    void a_command_that_nobody_answers_is_sent_six_times_and_its_step_is_undone_too() {
        SagaStory<FulfilOrder> story = given(ORDER).expect(CHARGE).done();
        for (int attempt = 1; attempt <= 6; attempt++) {
            story.expect(RESERVE, attempt).nothingElse().silence();
        }
        story.because("TIMEOUT", "inventory").expect(RELEASE).done().expect(REFUND).done().state("COMPENSATING");
    }

    @Test
    void a_technical_failure_is_tried_again_and_forgotten() {
        given(ORDER)
                .expect(CHARGE, 1).failed().nothingElse().state("STARTED")
                .silence().expect(CHARGE, 2).done().state("PAYMENT_COMPLETED");
    }

    @Test
    void the_answer_to_an_older_attempt_changes_nothing() {
        given(ORDER)
                .expect(CHARGE, 1)
                .silence().expect(CHARGE, 2)
                .lateDone("payment", Direction.ACTION, 1).state("STARTED").nothingElse()
                .done().expect(RESERVE)
                .lateDone("payment", Direction.ACTION, 2).nothingElse();
    }

    @Test
    void a_reservation_that_succeeds_after_its_release_was_sent_brings_no_delivery() {
        SagaStory<FulfilOrder> story = given(ORDER).expect(CHARGE).done();
        for (int attempt = 1; attempt <= 6; attempt++) {
            story.expect(RESERVE, attempt).silence();
        }
        story.expect(RELEASE).lateDone("inventory", Direction.ACTION, 6).nothingElse().state("COMPENSATING")
                .done().expect(REFUND);
    }

    @Test
    void a_delivery_of_which_nothing_is_known_stops_the_order_in_both_directions() {
        SagaStory<FulfilOrder> story = given(ORDER).expect(CHARGE).done().expect(RESERVE).done();
        for (int attempt = 1; attempt <= 6; attempt++) {
            story.expect(SCHEDULE, attempt).silence();
        }
        story.stuck("OUTCOME_UNKNOWN").nothingElse();
    }

    @Test
    void a_stuck_order_goes_on_when_the_answer_arrives_at_last() {
        SagaStory<FulfilOrder> story = given(ORDER).expect(CHARGE).done().expect(RESERVE).done();
        for (int attempt = 1; attempt <= 6; attempt++) {
            story.expect(SCHEDULE, attempt).silence();
        }
        story.stuck("OUTCOME_UNKNOWN").done().state("DELIVERY_SCHEDULED").expect(COMPLETE).done().state("COMPLETED");
    }

    @Test
    void a_scheduled_order_is_never_undone_however_long_its_completion_takes() {
        SagaStory<FulfilOrder> story = given(ORDER).expect(CHARGE).done().expect(RESERVE).done().expect(SCHEDULE).done();
        for (int attempt = 1; attempt <= 6; attempt++) {
            story.expect(COMPLETE, attempt).state("DELIVERY_SCHEDULED").silence();
        }
        story.stuck("RETRIES_EXHAUSTED").nothingElse();
    }

    @Test
    void a_scheduled_order_that_is_not_completed_by_its_deadline_needs_a_person_and_heals_by_itself() {
        SagaStory<FulfilOrder> story = given(ORDER).expect(CHARGE).done().expect(RESERVE).done().expect(SCHEDULE).done();
        story.expect(COMPLETE, 1).after(Duration.ofHours(2)).stuck("DEADLINE_PASSED_AFTER_PIVOT").nothingElse();
        story.done().state("COMPLETED");
    }

    @Test
    void a_cancellation_waits_for_the_charge_that_is_under_way_and_refunds_it() {
        given(ORDER)
                .expect(CHARGE)
                .cancel()
                .state("STARTED")
                .nothingElse()
                .done()
                .expect(REFUND)
                .done()
                .expect(new CancelOrder(ORDER.orderId(), "CANCELLED_BY_CUSTOMER", "payment", "Changed my mind."))
                .done()
                .state("COMPENSATED");
    }

    @Test
    void a_cancellation_does_not_wait_longer_than_the_step_does() {
        given(ORDER).expect(CHARGE).cancel().silence().expect(REFUND).because("CANCELLED_BY_CUSTOMER", "payment");
    }

    @Test
    void a_cancellation_is_refused_once_the_delivery_was_asked_for() {
        given(ORDER)
                .expect(CHARGE)
                .done()
                .expect(RESERVE)
                .done()
                .expect(SCHEDULE)
                .cancelRefused()
                .done()
                .expect(COMPLETE)
                .cancelRefused();
    }

    @Test
    void a_refund_that_fails_for_good_leaves_the_order_stuck_and_nothing_further_undone() {
        SagaStory<FulfilOrder> story = given(ORDER).expect(CHARGE).done().expect(RESERVE).refused("OUT_OF_STOCK");
        for (int attempt = 1; attempt <= 5; attempt++) {
            story.expect(REFUND, attempt).failed().silence();
        }
        story.expect(REFUND, 6).failed().stuck("COMPENSATION_FAILED").nothingElse();
    }

    @Test
    void a_participant_cannot_refuse_to_undo() {
        given(ORDER)
                .expect(CHARGE).done()
                .expect(RESERVE).refused("OUT_OF_STOCK")
                .expect(REFUND, 1).refused("NOT_TODAY").nothingElse().state("COMPENSATING")
                .silence().expect(REFUND, 2).done();
    }

    @Test
    void an_order_that_takes_too_long_before_its_delivery_is_sent_is_undone() {
        given(ORDER)
                .expect(CHARGE).done()
                .expect(RESERVE).after(Duration.ofMinutes(10)).because("TIMEOUT", "inventory")
                .expect(RELEASE).done()
                .expect(REFUND).done();
    }

    private static SagaStory<FulfilOrder> given(FulfilOrder order) {
        return SagaStory.given(OrderFulfilment.definition(), order);
    }
}
