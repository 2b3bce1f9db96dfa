package io.baton.orchestrator.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.baton.http.ProblemException;
import io.baton.lab.simulator.ProviderSimulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DemoFaultsTest {

    private final ProviderSimulator simulator = ProviderSimulator.start(0);
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        simulator.close();
        http.close();
    }

    @Test
    void a_fault_is_told_to_the_simulator_and_ends_by_itself() {
        try (DemoFaults faults = lasting(Duration.ofMillis(200))) {
            faults.begin(DemoFault.DOWN);
            assertThat(told()).contains("\"down\":true");
            await().until(() -> faults.running() == null);
            assertThat(told()).contains("\"down\":false");
        }
    }

    @Test
    void a_fault_takes_the_place_of_another_and_is_healed_on_demand() {
        try (DemoFaults faults = lasting(Duration.ofMinutes(1))) {
            DemoFaultsEndpoint endpoint = new DemoFaultsEndpoint(faults);
            endpoint.begin("down");
            assertThat(endpoint.begin("slow").active()).isEqualTo("Gateway slow");
            assertThat(told()).contains("\"down\":false").contains("\"latencyMillis\":8000");
            assertThat(endpoint.begin("none").active()).isNull();
            assertThat(told()).contains("\"latencyMillis\":0");
        }
    }

    @Test
    void every_fault_that_is_offered_is_understood() {
        try (DemoFaults faults = lasting(Duration.ofMinutes(1))) {
            DemoFaultsEndpoint endpoint = new DemoFaultsEndpoint(faults);
            endpoint.faults().faults().forEach(fault -> assertThat(endpoint.begin(fault.name()).active()).isEqualTo(fault.title()));
        }
    }

    @Test
    void a_fault_that_is_not_known_changes_nothing() {
        try (DemoFaults faults = lasting(Duration.ofMinutes(1))) {
            assertThatThrownBy(() -> new DemoFaultsEndpoint(faults).begin("fire"))
                    .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.detail()).contains("lost_answers"));
            assertThat(faults.running()).isNull();
        }
    }

    @Test
    void a_simulator_that_is_gone_is_said() {
        try (DemoFaults faults = lasting(Duration.ofMinutes(1))) {
            simulator.close();
            assertThatThrownBy(() -> faults.begin(DemoFault.DOWN))
                    .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.type().status()).isEqualTo(503));
            assertThat(faults.running()).isNull();
        }
    }

    @Test
    void a_fault_of_whose_end_the_simulator_does_not_hear_ends_once_it_is_back() {
        try (DemoFaults faults = lasting(Duration.ofMillis(100))) {
            faults.begin(DemoFault.DOWN);
            int port = simulator.url().getPort();
            simulator.close();
            await().during(Duration.ofMillis(500)).until(() -> faults.running() != null);
            try (ProviderSimulator back = ProviderSimulator.start(port)) {
                await().until(() -> faults.running() == null);
            }
        }
    }

    private DemoFaults lasting(Duration length) {
        return new DemoFaults(simulator.url(), Clock.systemUTC(), length);
    }

    private String told() {
        try {
            return http.send(HttpRequest.newBuilder(URI.create(simulator.url() + "/faults")).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
