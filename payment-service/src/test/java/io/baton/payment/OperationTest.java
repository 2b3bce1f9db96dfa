package io.baton.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What an operator sees of the running service. */
@PaymentTest
class OperationTest {

    @LocalServerPort
    private int port;

    @LocalManagementPort
    private int managementPort;

    @Autowired
    private MeterRegistry meters;

    @Test
    void it_says_on_its_main_port_that_it_is_ready() throws Exception {
        assertThat(status(port, "/readyz")).isEqualTo(200);
        assertThat(status(port, "/livez")).isEqualTo(200);
    }

    @Test
    void health_is_for_everybody_and_what_is_not_opened_is_for_nobody() throws Exception {
        assertThat(status(managementPort, "/actuator/health")).isEqualTo(200);
        assertThat(status(managementPort, "/actuator/env")).isIn(401, 404);
        assertThat(status(port, "/actuator/health")).isEqualTo(404);
    }

    @Test
    void the_gateway_s_circuit_breaker_bulkhead_retry_and_time_limiter_are_measured() {
        for (String name : new String[] {
            "resilience4j.circuitbreaker.state",
            "resilience4j.bulkhead.available.concurrent.calls",
            "resilience4j.retry.calls",
            "resilience4j.timelimiter.calls"
        }) {
            assertThat(meters.find(name).tag("name", "card-gateway").meters()).as(name).isNotEmpty();
        }
    }

    private static int status(int port, String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
            return http.send(request, BodyHandlers.discarding()).statusCode();
        }
    }
}
