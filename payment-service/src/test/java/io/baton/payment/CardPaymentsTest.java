package io.baton.payment;

import static io.baton.payment.TestGateway.SIMULATOR;
import static io.baton.payment.TestGateway.bookedFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.OrderId;
import io.baton.lab.simulator.Faults;
import io.baton.payment.ClaimedCall.Kind;
import io.baton.payment.Payment.Status;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@PaymentTest
class CardPaymentsTest {

    private static final Asker VISITOR = new Asker.Visitor();
    private static final Faults DOWN = new Faults(0, 0, 0, 0, true);

    @Autowired
    private Fixture fixture;

    @Autowired
    private PaymentCharging charging;

    @Autowired
    private TransactionTemplate transactions;

    @Autowired
    private JdbcClient jdbc;

    @AfterEach
    void heal() {
        SIMULATOR.behave(Faults.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tok_ok", "tok_error_twice", "tok_timeout_before_charge", "tok_timeout_after_charge"})
    void a_card_is_charged_exactly_once_however_the_gateway_behaves(String token) {
        ChargeRequest request = fixture.byCard(token, 4999);

        assertThat(charging.charge(request, VISITOR)).isInstanceOf(ChargeResult.Undecided.class);

        fixture.awaitStatus(request.orderId(), Status.CHARGED);
        fixture.assertBookedInBothLedgers(request.orderId(), "CAPTURE");
        assertThat(bookedFor(request.orderId()).getFirst().amountMinor()).isEqualTo(4999);
    }

    @Test
    void a_declined_card_is_a_final_no() {
        ChargeRequest request = fixture.byCard("tok_declined", 100);
        charging.charge(request, VISITOR);

        fixture.awaitStatus(request.orderId(), Status.REFUSED);

        assertThat(charging.charge(request, VISITOR))
                .isEqualTo(new ChargeResult.Refused("CARD_DECLINED", "The card's issuer declined"));
        fixture.assertBookedInBothLedgers(request.orderId());
        assertThat(charging.refund(request.orderId(), VISITOR)).isInstanceOf(RefundResult.Refunded.class);
    }

    @Test
    void trouble_of_the_gateway_is_waited_out_and_never_a_refusal() {
        SIMULATOR.behave(DOWN);
        ChargeRequest request = fixture.byCard("tok_ok", 100);
        charging.charge(request, VISITOR);
        await().until(() -> Integer.parseInt(fixture.call(request.orderId(), Kind.CAPTURE, "claims")) >= 3);
        assertThat(fixture.status(request.orderId())).isEqualTo(Status.PENDING);

        SIMULATOR.behave(Faults.NONE);

        fixture.awaitStatus(request.orderId(), Status.CHARGED);
        fixture.assertBookedInBothLedgers(request.orderId(), "CAPTURE");
    }

    @Test
    void a_crash_between_call_and_record_ends_in_one_capture() throws Exception {
        OrderId order = fixture.order();
        // What a process leaves behind that claimed, called and died: the gateway knows, we do not.
        chargeAtTheGateway(order);
        transactions.executeWithoutResult(status -> {
            jdbc.sql("insert into payment (order_id, customer_id, method, status, amount_minor, currency, card_token,"
                            + " idempotency_key, created_at, updated_at)"
                            + " values (?, 'c', 'CARD', 'PENDING', 700, 'EUR', 'tok_ok', ?, now(), now())")
                    .params(order.value(), order.toString())
                    .update();
            jdbc.sql("insert into gateway_call (idempotency_key, order_id, kind, amount_minor, currency, state, due_at,"
                            + " claims, may_be_known, created_at)"
                            + " values (?, ?, 'CAPTURE', 700, 'EUR', 'OPEN', now() + interval '500 ms', 1, true,"
                            + " now())")
                    .params(order.toString(), order.value())
                    .update();
        });
        assertThat(fixture.status(order)).isEqualTo(Status.PENDING);

        fixture.awaitStatus(order, Status.CHARGED);

        fixture.assertBookedInBothLedgers(order, "CAPTURE");
        assertThat(fixture.call(order, Kind.CAPTURE, "claims")).isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tok_ok", "tok_error_twice", "tok_timeout_before_charge", "tok_timeout_after_charge"})
    void a_charged_card_gets_everything_back_once(String token) {
        ChargeRequest request = fixture.byCard(token, 4999);
        charging.charge(request, VISITOR);
        fixture.awaitStatus(request.orderId(), Status.CHARGED);

        assertThat(charging.refund(request.orderId(), VISITOR)).isInstanceOf(RefundResult.Undecided.class);
        charging.refund(request.orderId(), VISITOR);

        fixture.awaitStatus(request.orderId(), Status.REFUNDED);
        fixture.assertBookedInBothLedgers(request.orderId(), "CAPTURE", "REFUND");
        assertThat(charging.charge(request, VISITOR)).isEqualTo(new ChargeResult.Undone());
    }

    @Test
    void a_refund_survives_a_gateway_that_books_it_and_does_not_answer() {
        ChargeRequest request = fixture.byCard("tok_ok", 4999);
        charging.charge(request, VISITOR);
        fixture.awaitStatus(request.orderId(), Status.CHARGED);

        SIMULATOR.behave(new Faults(0, 0, 0, 1, false));
        charging.refund(request.orderId(), VISITOR);
        await().until(() -> bookedFor(request.orderId()).size() == 2);
        assertThat(fixture.status(request.orderId())).isEqualTo(Status.REFUNDING);
        SIMULATOR.behave(Faults.NONE);

        fixture.awaitStatus(request.orderId(), Status.REFUNDED);
        fixture.assertBookedInBothLedgers(request.orderId(), "CAPTURE", "REFUND");
    }

    @Test
    void a_refund_while_the_charge_is_undecided_waits_for_it_and_then_gives_it_back() {
        SIMULATOR.behave(new Faults(0, 0, 0, 1, false));
        ChargeRequest request = fixture.byCard("tok_ok", 4999);
        charging.charge(request, VISITOR);
        await().until(() -> bookedFor(request.orderId()).size() == 1);

        assertThat(charging.refund(request.orderId(), VISITOR)).isInstanceOf(RefundResult.Undecided.class);
        assertThat(fixture.status(request.orderId())).isEqualTo(Status.REFUNDING);
        SIMULATOR.behave(Faults.NONE);

        fixture.awaitStatus(request.orderId(), Status.REFUNDED);
        fixture.assertBookedInBothLedgers(request.orderId(), "CAPTURE", "REFUND");
    }

    @Test
    void a_refund_while_a_decline_is_on_its_way_leaves_nothing_booked() {
        SIMULATOR.behave(DOWN);
        ChargeRequest request = fixture.byCard("tok_declined", 4999);
        charging.charge(request, VISITOR);
        await().until(() -> Integer.parseInt(fixture.call(request.orderId(), Kind.CAPTURE, "claims")) >= 1);
        charging.refund(request.orderId(), VISITOR);
        SIMULATOR.behave(Faults.NONE);

        fixture.awaitStatus(request.orderId(), Status.REFUSED);

        fixture.assertBookedInBothLedgers(request.orderId());
        assertThat(fixture.call(request.orderId(), Kind.REFUND, "state")).isEqualTo("DROPPED");
    }

    @Test
    void a_charge_that_is_undone_before_the_gateway_hears_of_it_is_never_made() {
        ChargeRequest request = fixture.byCard("tok_ok", 4999);

        transactions.executeWithoutResult(status -> {
            charging.charge(request, VISITOR);
            charging.refund(request.orderId(), VISITOR);
        });

        fixture.awaitStatus(request.orderId(), Status.REFUSED);
        fixture.assertBookedInBothLedgers(request.orderId());
        assertThat(fixture.call(request.orderId(), Kind.CAPTURE, "state")).isEqualTo("DROPPED");
        assertThat(fixture.call(request.orderId(), Kind.REFUND, "state")).isEqualTo("DROPPED");
    }

    @Test
    void many_cards_with_a_bad_gateway_leave_equal_ledgers() {
        SIMULATOR.behave(new Faults(5, 0.2, 0.1, 0.2, false));
        List<ChargeRequest> requests = IntStream.range(0, 60)
                .mapToObj(i -> fixture.byCard(i % 10 == 0 ? "tok_declined" : "tok_ok", 100 + i))
                .toList();
        transactions.executeWithoutResult(status -> requests.forEach(request -> charging.charge(request, VISITOR)));
        for (int i = 0; i < requests.size(); i += 3) {
            charging.refund(requests.get(i).orderId(), VISITOR);
        }

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(requests)
                .noneMatch(request -> fixture.status(request.orderId()) == Status.PENDING
                        || fixture.status(request.orderId()) == Status.REFUNDING));

        for (ChargeRequest request : requests) {
            switch (fixture.status(request.orderId())) {
                case CHARGED -> fixture.assertBookedInBothLedgers(request.orderId(), "CAPTURE");
                case REFUNDED -> fixture.assertBookedInBothLedgers(request.orderId(), "CAPTURE", "REFUND");
                default -> fixture.assertBookedInBothLedgers(request.orderId());
            }
        }
    }

    private static void chargeAtTheGateway(OrderId order) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(SIMULATOR.url().resolve("/gateway/charges"))
                    .header("Idempotency-Key", order.toString())
                    .POST(BodyPublishers.ofString("{\"cardToken\":\"tok_ok\",\"amountMinor\":700,\"currency\":\"EUR\","
                            + "\"reference\":\"" + order + "\"}"))
                    .build();
            assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(201);
        }
    }
}
