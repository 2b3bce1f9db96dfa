package io.baton.lab.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultsTest {

    private final ProviderSimulator simulator = ProviderSimulator.start(0);
    private final GatewayClient client = new GatewayClient(simulator);

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    @Test
    void a_gateway_that_is_down_does_nothing_until_it_is_healed() throws Exception {
        assertThat(client.faults("{\"down\":true}").statusCode()).isEqualTo(200);
        assertThat(client.charge("k", "tok_ok", 100).statusCode()).isEqualTo(503);
        assertThat(simulator.ledger()).isEmpty();

        client.send("DELETE", "/faults", null, null);

        assertThat(client.charge("k", "tok_ok", 100).statusCode()).isEqualTo(201);
    }

    @Test
    void an_error_rate_of_one_fails_every_request_with_nothing_done() throws Exception {
        client.faults("{\"errorRate\":1.0}");

        assertThat(client.charge("k", "tok_ok", 100).statusCode()).isEqualTo(500);
        assertThat(simulator.ledger()).isEmpty();
    }

    @Test
    void a_timeout_rate_hangs_before_or_after_the_work() throws Exception {
        client.faults("{\"timeoutBeforeRate\":1}");
        assertThatThrownBy(() -> client.charge("k", "tok_ok", 100)).isInstanceOf(HttpTimeoutException.class);
        assertThat(simulator.ledger()).isEmpty();

        client.faults("{\"timeoutAfterRate\":1}");
        assertThatThrownBy(() -> client.charge("k", "tok_ok", 100)).isInstanceOf(HttpTimeoutException.class);
        assertThat(simulator.ledger()).hasSize(1);
    }

    @Test
    void latency_delays_the_answer() throws Exception {
        client.faults("{\"latencyMillis\":100}");
        long before = System.nanoTime();

        client.charge("k", "tok_ok", 100);

        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(100_000_000L);
    }

    @Test
    void what_was_set_can_be_read() throws Exception {
        client.faults("{\"latencyMillis\":5,\"errorRate\":0.25}");

        assertThat(Json.tree(client.send("GET", "/faults", null, null).body())).isEqualTo(Json.tree("""
                {"gateway":{"latencyMillis":5,"errorRate":0.25,"timeoutBeforeRate":0.0,"timeoutAfterRate":0.0,
                "down":false}}"""));
    }

    @Test
    void a_wrong_fault_is_explained_and_changes_nothing() throws Exception {
        client.faults("{\"down\":true}");

        for (String wrong : new String[] {"{\"errorRate\":2}", "{\"latencyMillis\":-1}", "{\"errorrate\":1}", "7"}) {
            var answer = client.faults(wrong);
            assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
            assertThat(Json.tree(answer.body()).at("/error/message").asString()).startsWith("Expected");
        }
        assertThat(client.charge("k", "tok_ok", 100).statusCode()).isEqualTo(503);
    }
}
