package io.baton.lab.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baton.lab.simulator.LedgerEntry.Kind;
import java.net.http.HttpTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatewayTest {

    private final ProviderSimulator simulator = ProviderSimulator.start(0);
    private final GatewayClient client = new GatewayClient(simulator);

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    @Test
    void a_charge_is_booked_once_however_often_it_is_asked_for() throws Exception {
        var first = client.charge("0D4J/payment/ACTION", "tok_ok", 4999);
        var second = client.charge("0D4J/payment/ACTION", "tok_ok", 4999);

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(simulator.ledger()).singleElement().satisfies(entry -> {
            assertThat(entry.kind()).isEqualTo(Kind.CAPTURE);
            assertThat(entry.idempotencyKey()).isEqualTo("0D4J/payment/ACTION");
            assertThat(entry.reference()).isEqualTo("order-1");
            assertThat(entry.amountMinor()).isEqualTo(4999);
            assertThat(entry.currency()).isEqualTo("EUR");
        });
    }

    @Test
    void a_key_that_was_used_for_another_amount_is_refused() throws Exception {
        client.charge("k", "tok_ok", 4999);

        var other = client.charge("k", "tok_ok", 5000);

        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(simulator.ledger()).hasSize(1);
    }

    @Test
    void a_declined_card_and_an_unknown_one_are_charged_nothing() throws Exception {
        for (String token : new String[] {"tok_declined", "tok_nobody_knows"}) {
            var answer = client.charge("k-" + token, token, 100);
            assertThat(answer.statusCode()).isEqualTo(402);
            assertThat(Json.tree(answer.body()).at("/error/code").asString()).isEqualTo("CARD_DECLINED");
        }
        assertThat(simulator.ledger()).isEmpty();
    }

    @Test
    void a_timeout_before_the_charge_charges_at_the_second_call() throws Exception {
        assertThatThrownBy(() -> client.charge("k", "tok_timeout_before_charge", 100))
                .isInstanceOf(HttpTimeoutException.class);
        assertThat(simulator.ledger()).isEmpty();
        assertThat(client.probe("k").statusCode()).isEqualTo(404);

        assertThat(client.charge("k", "tok_timeout_before_charge", 100).statusCode()).isEqualTo(201);
        assertThat(simulator.ledger()).hasSize(1);
    }

    @Test
    void a_timeout_after_the_charge_has_charged_and_says_so_to_a_probe_and_to_the_second_call() throws Exception {
        assertThatThrownBy(() -> client.charge("a/b", "tok_timeout_after_charge", 100))
                .isInstanceOf(HttpTimeoutException.class);

        assertThat(client.probe("a/b").statusCode()).isEqualTo(200);
        assertThat(client.charge("a/b", "tok_timeout_after_charge", 100).statusCode()).isEqualTo(201);
        assertThat(simulator.ledger()).hasSize(1);
    }

    @Test
    void an_error_comes_twice_and_then_the_charge() throws Exception {
        assertThat(client.charge("k", "tok_error_twice", 100).statusCode()).isEqualTo(500);
        assertThat(client.charge("k", "tok_error_twice", 100).statusCode()).isEqualTo(500);
        assertThat(simulator.ledger()).isEmpty();
        assertThat(client.charge("k", "tok_error_twice", 100).statusCode()).isEqualTo(201);
        assertThat(simulator.ledger()).hasSize(1);
    }

    @Test
    void a_refund_gives_the_whole_charge_back_once_by_key_or_by_id() throws Exception {
        String id = Json.tree(client.charge("c", "tok_ok", 700).body()).get("id").asString();

        var first = client.refund("r", "c");
        var again = client.refund("r", id);
        var underAnotherKey = client.refund("r2", "c");

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(underAnotherKey.statusCode()).isEqualTo(409);
        assertThat(simulator.ledger()).hasSize(2).last().satisfies(entry -> {
            assertThat(entry.kind()).isEqualTo(Kind.REFUND);
            assertThat(entry.amountMinor()).isEqualTo(700);
            assertThat(entry.chargeKey()).isEqualTo("c");
            assertThat(entry.idempotencyKey()).isEqualTo("r");
        });
    }

    @Test
    void what_was_never_charged_cannot_be_refunded() throws Exception {
        assertThat(client.refund("r", "nothing").statusCode()).isEqualTo(404);
        assertThat(simulator.ledger()).isEmpty();
    }

    @Test
    void a_charge_key_cannot_be_reused_for_a_refund() throws Exception {
        client.charge("c", "tok_ok", 700);

        assertThat(client.refund("c", "c").statusCode()).isEqualTo(422);
        assertThat(simulator.ledger()).hasSize(1);
    }
}
