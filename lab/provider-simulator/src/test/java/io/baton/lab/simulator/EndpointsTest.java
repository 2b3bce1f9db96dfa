package io.baton.lab.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EndpointsTest {

    private final ProviderSimulator simulator = ProviderSimulator.start(0);
    private final GatewayClient client = new GatewayClient(simulator);

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    @Test
    void it_says_when_it_is_ready() throws Exception {
        assertThat(client.send("GET", "/readyz", null, null).statusCode()).isEqualTo(200);
    }

    @Test
    void the_ledger_is_readable_while_the_gateway_is_down() throws Exception {
        client.charge("k", "tok_ok", 100);
        client.faults("{\"down\":true}");

        var entry = Json.tree(client.send("GET", "/gateway/ledger", null, null).body()).at("/entries/0");

        assertThat(entry.get("kind").asString()).isEqualTo("CAPTURE");
        assertThat(entry.get("idempotencyKey").asString()).isEqualTo("k");
        assertThat(entry.get("reference").asString()).isEqualTo("order-1");
        assertThat(entry.get("amountMinor").asLong()).isEqualTo(100);
        assertThat(entry.get("currency").asString()).isEqualTo("EUR");
        assertThat(entry.get("at").asString()).endsWith("Z");
    }

    @Test
    void bad_requests_are_explained_and_charge_nothing() throws Exception {
        assertError(client.send("POST", "/gateway/charges", null, "{}"), 400);
        assertError(client.send("POST", "/gateway/charges", "k", "{"), 400);
        assertError(client.send("POST", "/gateway/charges", "k", ""), 400);
        assertError(client.send("POST", "/gateway/charges", "k", "null"), 400);
        assertError(client.send("POST", "/gateway/charges", "k", "{\"cardToken\":\"tok_ok\",\"surprise\":1}"), 400);
        assertError(client.charge("k", "tok_ok", 0), 400);
        assertError(client.charge("k".repeat(256), "tok_ok", 1), 400);
        assertError(client.send("POST", "/gateway/charges", "k", "x".repeat(20_000)), 413);
        assertError(client.send("PUT", "/gateway/charges", "k", "{}"), 405);
        assertError(client.send("GET", "/nothing", null, null), 404);
        assertThat(simulator.ledger()).isEmpty();
    }

    private static void assertError(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(Json.tree(answer.body()).at("/error/code").asString()).isNotBlank();
        assertThat(Json.tree(answer.body()).at("/error/message").asString()).isNotBlank();
    }
}
