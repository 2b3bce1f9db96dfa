package io.baton.payment;

import static io.baton.payment.Fixture.eur;
import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.Money;
import io.baton.contract.OrderId;
import io.baton.payment.ClaimedCall.Kind;
import io.baton.payment.GatewayAnswer.Booked;
import io.baton.payment.GatewayAnswer.Declined;
import io.baton.payment.GatewayAnswer.NotAsked;
import io.baton.payment.GatewayAnswer.Undecided;
import io.baton.payment.Payment.Status;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/**
 * What is recorded of each answer. Everything happens in a transaction that is rolled back, so that the running service
 * never sees the calls and makes none of them.
 */
@PaymentTest
@Transactional
class CardSettlementTest {

    private static final Asker VISITOR = new Asker.Visitor();
    private static final Instant RETRY_AT = Instant.parse("2100-01-01T00:00:00Z");

    @Autowired
    private Fixture fixture;

    @Autowired
    private PaymentCharging charging;

    @Autowired
    private CardSettlement settlement;

    @Autowired
    private EntityManager entities;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void a_wrong_amount_completes_nothing_and_calls_for_a_person() {
        OrderId order = pending();

        record(order, Kind.CAPTURE, new Booked("ch_1", eur(501)));

        assertThat(status(order)).isEqualTo(Status.PENDING);
        assertThat(fixture.call(order, Kind.CAPTURE, "state")).isEqualTo("OPEN");
        assertThat(fixture.call(order, Kind.CAPTURE, "problem")).contains("501");

        record(order, Kind.CAPTURE, new Booked("ch_1", new Money(500, "USD")));
        assertThat(status(order)).isEqualTo(Status.PENDING);

        record(order, Kind.CAPTURE, new Booked("ch_1", eur(500)));
        assertThat(status(order)).isEqualTo(Status.CHARGED);
    }

    @Test
    void a_second_answer_to_a_decided_call_changes_nothing() {
        OrderId order = pending();
        record(order, Kind.CAPTURE, new Booked("ch_1", eur(500)));

        record(order, Kind.CAPTURE, new Declined());
        record(order, Kind.CAPTURE, new Undecided(true, "nonsense"));

        assertThat(status(order)).isEqualTo(Status.CHARGED);
        assertThat(fixture.call(order, Kind.CAPTURE, "state")).isEqualTo("DONE");
        assertThat(fixture.call(order, Kind.CAPTURE, "gateway_id")).isEqualTo("ch_1");
    }

    @Test
    void an_answer_that_decides_nothing_sets_the_time_of_the_next_try() {
        OrderId order = pending();

        record(order, Kind.CAPTURE, new Undecided(true, null));

        assertThat(status(order)).isEqualTo(Status.PENDING);
        assertThat(fixture.call(order, Kind.CAPTURE, "(due_at = '2100-01-01T00:00:00Z')")).isEqualTo("true");
    }

    @Test
    void a_call_that_never_left_leaves_the_gateway_ignorant() {
        OrderId order = pending();
        claimed(order);

        record(order, Kind.CAPTURE, new Undecided(false, null));

        assertThat(fixture.call(order, Kind.CAPTURE, "may_be_known")).isEqualTo("false");
    }

    @Test
    void a_call_that_was_claimed_again_meanwhile_may_be_known() {
        OrderId order = pending();
        claimed(order);
        claimed(order);

        // The answer to the first claim comes last.
        record(order, Kind.CAPTURE, new Undecided(false, null));

        assertThat(fixture.call(order, Kind.CAPTURE, "may_be_known")).isEqualTo("true");
    }

    @Test
    void a_capture_that_somebody_else_may_be_making_is_not_dropped() {
        OrderId order = pending();
        charging.refund(order, VISITOR);
        claimed(order);
        claimed(order);

        record(order, Kind.CAPTURE, new NotAsked());

        assertThat(status(order)).isEqualTo(Status.REFUNDING);
        assertThat(fixture.call(order, Kind.CAPTURE, "state")).isEqualTo("OPEN");
    }

    @Test
    void a_refund_waits_until_its_capture_is_booked() {
        OrderId order = pending();
        charging.refund(order, VISITOR);
        entities.flush();
        assertThat(fixture.call(order, Kind.REFUND, "state")).isEqualTo("WAITING");

        record(order, Kind.CAPTURE, new Booked("ch_1", eur(500)));
        assertThat(status(order)).isEqualTo(Status.REFUNDING);
        assertThat(fixture.call(order, Kind.REFUND, "state")).isEqualTo("OPEN");

        record(order, Kind.REFUND, new Booked("re_1", eur(500)));
        assertThat(status(order)).isEqualTo(Status.REFUNDED);
    }

    @Test
    void a_refund_cannot_be_declined_by_the_gateway() {
        OrderId order = pending();
        record(order, Kind.CAPTURE, new Booked("ch_1", eur(500)));
        charging.refund(order, VISITOR);

        record(order, Kind.REFUND, new Declined());

        assertThat(status(order)).isEqualTo(Status.REFUNDING);
        assertThat(fixture.call(order, Kind.REFUND, "problem")).isNotBlank();
    }

    @Test
    void one_command_waits_for_a_charge_and_another_one_is_told_so() {
        ChargeRequest request = fixture.byCard("tok_ok", 500);

        assertThat(willBeTold(charging.charge(request, new Asker.Command("first")))).isTrue();
        assertThat(willBeTold(charging.charge(request, new Asker.Command("first")))).isTrue();
        assertThat(willBeTold(charging.charge(request, new Asker.Command("second")))).isFalse();
        assertThat(willBeTold(charging.charge(request, VISITOR))).isFalse();
    }

    @Test
    void a_command_that_comes_after_a_visitor_is_told() {
        ChargeRequest request = fixture.byCard("tok_ok", 500);

        assertThat(willBeTold(charging.charge(request, VISITOR))).isFalse();
        assertThat(willBeTold(charging.charge(request, new Asker.Command("first")))).isTrue();
    }

    private static boolean willBeTold(ChargeResult result) {
        return ((ChargeResult.Undecided) result).willBeTold();
    }

    private OrderId pending() {
        ChargeRequest request = fixture.byCard("tok_ok", 500);
        charging.charge(request, VISITOR);
        entities.flush();
        return request.orderId();
    }

    /** What a process does to the row when it takes the call upon itself. */
    private void claimed(OrderId order) {
        entities.flush();
        jdbc.sql("update gateway_call set claims = claims + 1, may_be_known = true"
                        + " where order_id = ? and kind = 'CAPTURE'")
                .param(order.value())
                .update();
        entities.createQuery("from GatewayCall", GatewayCall.class).getResultList().forEach(entities::refresh);
    }

    private void record(OrderId order, Kind kind, GatewayAnswer answer) {
        ClaimedCall call = new ClaimedCall(
                kind, order, "k", "k", "tok_ok", eur(500), 1, false, false, null, Instant.EPOCH);
        settlement.record(List.of(new CalledGateway(call, answer, RETRY_AT)));
        entities.flush();
    }

    private Status status(OrderId order) {
        return fixture.status(order);
    }
}
