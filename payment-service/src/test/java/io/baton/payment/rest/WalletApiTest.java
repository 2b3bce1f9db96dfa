package io.baton.payment.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.http.IdempotencyKey;
import io.baton.messaging.test.RealServers;
import io.baton.payment.Fixture;
import io.baton.payment.PaymentTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

@PaymentTest
class WalletApiTest {

    private static final String TEN_EUROS = "{\"amount\":{\"amount\":\"10.00\",\"currency\":\"EUR\"}}";

    @Autowired
    private MockMvcTester mvc;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void the_first_credit_makes_the_wallet_and_the_next_one_fills_it() {
        String customer = Fixture.customer();
        assertThat(mvc.get().uri("/wallets/{id}", customer)).hasStatus(404);

        assertThat(credit(customer, TEN_EUROS, null)).hasStatus(201);
        assertThat(credit(customer, TEN_EUROS, null)).hasStatus(201).bodyJson().isEqualTo("""
                {"customerId":"%s","balance":{"amount":"20.00","currency":"EUR"}}""".formatted(customer));

        assertThat(mvc.get().uri("/wallets/{id}", customer)).hasStatusOk().bodyJson().isEqualTo("""
                {"customerId":"%s","balance":{"amount":"20.00","currency":"EUR"}}""".formatted(customer));
    }

    @Test
    void a_credit_that_is_sent_again_with_its_key_is_one_credit() {
        String customer = Fixture.customer();

        MvcTestResult first = credit(customer, TEN_EUROS, "k-1");
        MvcTestResult again = credit(customer, TEN_EUROS, "k-1");

        assertThat(first).hasStatus(201).doesNotContainHeader(IdempotencyKey.REPLAYED_HEADER);
        assertThat(again).hasStatus(201).hasHeader(IdempotencyKey.REPLAYED_HEADER, "true");
        assertThat(again.getResponse().getContentAsByteArray()).isEqualTo(first.getResponse().getContentAsByteArray());
        assertThat(credit(customer, TEN_EUROS.replace("10", "11"), "k-1")).hasStatus(422);
        assertThat(mvc.get().uri("/wallets/{id}", customer)).bodyJson().extractingPath("$.balance.amount")
                .isEqualTo("10.00");
    }

    @Test
    void another_currency_is_refused_and_leaves_the_wallet_alone() {
        String customer = Fixture.customer();
        credit(customer, TEN_EUROS, null);

        assertThat(credit(customer, TEN_EUROS.replace("EUR", "USD"), null)).hasStatus(409)
                .hasContentTypeCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON)
                .bodyJson().extractingPath("$.errors[0].pointer").isEqualTo("/amount/currency");
        assertThat(mvc.get().uri("/wallets/{id}", customer)).bodyJson().extractingPath("$.balance.amount")
                .isEqualTo("10.00");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"amount\":null}",
                "{\"amount\":{\"amount\":\"0.00\",\"currency\":\"EUR\"}}",
                "{\"amount\":{\"amount\":\"-1.00\",\"currency\":\"EUR\"}}",
                "{\"amount\":{\"amount\":\"1.001\",\"currency\":\"EUR\"}}",
                "{\"amount\":{\"amount\":1.00,\"currency\":\"EUR\"}}",
                "{\"amount\":{\"amount\":\"1.00\",\"currency\":\"XYZ\"}}",
                "{\"amount\":{\"amount\":\"1.00\",\"currency\":\"EUR\"},\"tip\":1}",
                "[]",
                "{"
            })
    void a_bad_credit_is_explained_and_makes_no_wallet(String body) {
        String customer = Fixture.customer();

        assertThat(credit(customer, body, null)).hasStatus(400)
                .hasContentTypeCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON)
                .bodyJson().extractingPath("$.errors").asArray().isNotEmpty();

        assertThat(jdbc.sql("select count(*) from wallet where customer_id = ?").param(customer)
                .query(Long.class).single()).isZero();
    }

    @Test
    void a_customer_who_cannot_be_is_a_problem() {
        for (String id : List.of("a b", "x".repeat(65), "é")) {
            assertThat(credit(id, TEN_EUROS, null)).hasStatus(400);
            assertThat(mvc.get().uri("/wallets/{id}", id)).hasStatus(404);
        }
    }

    @Test
    void only_the_operator_may_credit() {
        assertThat(mvc.post().uri("/wallets/{id}/credits", Fixture.customer())
                .contentType(MediaType.APPLICATION_JSON).content(TEN_EUROS)).hasStatus(401);
    }

    private MvcTestResult credit(String customer, String body, String key) {
        HttpHeaders headers = new HttpHeaders();
        headers.setBasicAuth(RealServers.OPERATOR, RealServers.OPERATOR_PASSWORD);
        if (key != null) {
            headers.set(IdempotencyKey.HEADER, key);
        }
        return mvc.post().uri("/wallets/{id}/credits", customer).headers(headers)
                .contentType(MediaType.APPLICATION_JSON).content(body).exchange();
    }
}
