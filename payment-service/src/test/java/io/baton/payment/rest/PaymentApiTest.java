package io.baton.payment.rest;

import static io.baton.payment.TestGateway.SIMULATOR;
import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.OrderId;
import io.baton.lab.simulator.Faults;
import io.baton.messaging.test.RealServers;
import io.baton.payment.Fixture;
import io.baton.payment.Payment.Status;
import io.baton.payment.PaymentTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

@PaymentTest
class PaymentApiTest {

    private static final String WALLET = "{\"method\":\"WALLET\"}";

    @Autowired
    private MockMvcTester mvc;

    @Autowired
    private Fixture fixture;

    @AfterEach
    void heal() {
        SIMULATOR.behave(Faults.NONE);
    }

    @Test
    void a_wallet_pays_once_and_gets_it_back_once() {
        String customer = fixture.customerWith(10_000);
        OrderId order = fixture.order();

        assertThat(charge(order, customer, "60.00", WALLET, null)).hasStatus(201)
                .hasHeader("Location", "/payments/" + order)
                .bodyJson().extractingPath("$.status").isEqualTo("CHARGED");
        assertThat(charge(order, customer, "60.00", WALLET, null)).hasStatus(200);
        assertThat(fixture.balance(customer)).isEqualTo(4_000);
        assertThat(mvc.get().uri("/payments/{id}", order)).hasStatusOk().bodyJson().isLenientlyEqualTo("""
                {"paymentId":"%s","orderId":"%s","customerId":"%s","status":"CHARGED","method":"WALLET",
                 "amount":{"amount":"60.00","currency":"EUR"}}""".formatted(order, order, customer));

        assertThat(refund(order, null)).hasStatus(200).bodyJson().extractingPath("$.status").isEqualTo("REFUNDED");
        assertThat(refund(order, null)).hasStatus(200);
        assertThat(fixture.balance(customer)).isEqualTo(10_000);
        assertThat(charge(order, customer, "60.00", WALLET, null)).hasStatus(409)
                .bodyJson().extractingPath("$.errors[0].code").isEqualTo("PAYMENT_UNDONE");
    }

    @Test
    void too_little_is_a_problem_with_its_code_every_time() {
        String customer = fixture.customerWith(10);
        OrderId order = fixture.order();

        for (int i = 0; i < 2; i++) {
            assertThat(charge(order, customer, "60.00", WALLET, null)).hasStatus(409)
                    .hasContentTypeCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON)
                    .bodyJson().extractingPath("$.errors[0].code").isEqualTo("INSUFFICIENT_FUNDS");
        }
        assertThat(mvc.get().uri("/payments/{id}", order)).hasStatusOk().bodyJson()
                .extractingPath("$.reason.code").isEqualTo("INSUFFICIENT_FUNDS");
    }

    @Test
    void another_amount_for_the_same_order_is_a_problem() {
        String customer = fixture.customerWith(10_000);
        OrderId order = fixture.order();
        charge(order, customer, "60.00", WALLET, null);

        assertThat(charge(order, customer, "61.00", WALLET, null)).hasStatus(409)
                .bodyJson().extractingPath("$.errors[0].code").isEqualTo("PAYMENT_DIFFERS");
        assertThat(fixture.balance(customer)).isEqualTo(4_000);
    }

    @Test
    void a_card_is_waited_for_while_the_gateway_decides() {
        OrderId paid = fixture.order();
        assertThat(charge(paid, Fixture.customer(), "60.00", card("tok_error_twice"), null)).hasStatus(201);
        fixture.assertBookedInBothLedgers(paid, "CAPTURE");
        assertThat(refund(paid, null)).hasStatus(200);
        fixture.assertBookedInBothLedgers(paid, "CAPTURE", "REFUND");

        assertThat(charge(fixture.order(), Fixture.customer(), "60.00", card("tok_declined"), null)).hasStatus(409)
                .bodyJson().extractingPath("$.errors[0].code").isEqualTo("CARD_DECLINED");
    }

    @Test
    void a_card_that_is_not_decided_in_time_is_accepted_and_told_later() {
        SIMULATOR.behave(new Faults(0, 0, 0, 0, true));
        OrderId order = fixture.order();

        assertThat(charge(order, Fixture.customer(), "60.00", card("tok_ok"), "wait=0")).hasStatus(202)
                .hasHeader("Location", "/payments/" + order)
                .bodyJson().extractingPath("$.status").isEqualTo("PENDING");
        SIMULATOR.behave(Faults.NONE);

        fixture.awaitStatus(order, Status.CHARGED);
        SIMULATOR.behave(new Faults(0, 0, 0, 0, true));
        assertThat(refund(order, "wait=0")).hasStatus(202).bodyJson().extractingPath("$.status").isEqualTo("REFUNDING");
        SIMULATOR.behave(Faults.NONE);
        fixture.awaitStatus(order, Status.REFUNDED);
        fixture.assertBookedInBothLedgers(order, "CAPTURE", "REFUND");
    }

    @Test
    void a_refund_of_what_was_never_charged_sees_to_it_that_it_never_is() {
        OrderId order = fixture.order();

        assertThat(refund(order, null)).hasStatus(200);

        assertThat(charge(order, fixture.customerWith(10_000), "60.00", WALLET, null)).hasStatus(409);
        assertThat(mvc.get().uri("/payments/{id}", order)).hasStatusOk()
                .bodyJson().doesNotHavePath("$.amount").extractingPath("$.status").isEqualTo("REFUNDED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"method\":\"CARD\"}", "{\"method\":\"CARD\",\"token\":\"a b\"}", "{\"method\":\"CASH\"}", "{}",
                "{\"method\":\"WALLET\",\"token\":\"tok_ok\"}"
            })
    void a_bad_way_to_pay_is_explained_and_leaves_no_payment(String payment) {
        OrderId order = fixture.order();

        assertThat(charge(order, "c", "60.00", payment, null)).hasStatus(400)
                .bodyJson().extractingPath("$.errors[0].pointer").asString().startsWith("/payment");
        assertThat(mvc.get().uri("/payments/{id}", order)).hasStatus(404);
    }

    @Test
    void everything_that_is_wrong_is_named_at_once() {
        assertThat(mvc.post().uri("/payments").headers(operator()).contentType(MediaType.APPLICATION_JSON)
                .content("{\"orderId\":\"x\",\"customerId\":\"\",\"amount\":{\"amount\":\"0\",\"currency\":\"EUR\"}}"))
                .hasStatus(400)
                .bodyJson().extractingPath("$.errors[*].pointer").asArray()
                .containsExactly("/orderId", "/customerId", "/amount/amount", "/payment");
        assertThat(mvc.get().uri("/payments/x")).hasStatus(400);
    }

    @Test
    void only_the_operator_may_move_money() {
        assertThat(mvc.post().uri("/payments").contentType(MediaType.APPLICATION_JSON).content("{}")).hasStatus(401);
        assertThat(mvc.delete().uri("/payments/{id}", fixture.order())).hasStatus(401);
    }

    private MvcTestResult charge(OrderId order, String customer, String amount, String payment, String prefer) {
        HttpHeaders headers = operator();
        if (prefer != null) {
            headers.set("Prefer", prefer);
        }
        return mvc.post().uri("/payments").headers(headers).contentType(MediaType.APPLICATION_JSON).content("""
                {"orderId":"%s","customerId":"%s","amount":{"amount":"%s","currency":"EUR"},"payment":%s}"""
                .formatted(order, customer, amount, payment)).exchange();
    }

    private MvcTestResult refund(OrderId order, String prefer) {
        HttpHeaders headers = operator();
        if (prefer != null) {
            headers.set("Prefer", prefer);
        }
        return mvc.delete().uri("/payments/{id}", order).headers(headers).exchange();
    }

    private static HttpHeaders operator() {
        HttpHeaders headers = new HttpHeaders();
        headers.setBasicAuth(RealServers.OPERATOR, RealServers.OPERATOR_PASSWORD);
        return headers;
    }

    private static String card(String token) {
        return "{\"method\":\"CARD\",\"token\":\"" + token + "\"}";
    }
}
