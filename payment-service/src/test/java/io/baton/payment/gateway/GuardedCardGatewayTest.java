package io.baton.payment.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.Money;
import io.baton.lab.simulator.Faults;
import io.baton.lab.simulator.ProviderSimulator;
import io.baton.payment.GatewayAnswer;
import io.baton.payment.GatewayAnswer.Booked;
import io.baton.payment.GatewayAnswer.Undecided;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuardedCardGatewayTest {

    private static final Money AMOUNT = new Money(700, "EUR");

    private final ProviderSimulator simulator = ProviderSimulator.start(0);
    private final CircuitBreakerRegistry breakers = CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
            .slidingWindowSize(4)
            .minimumNumberOfCalls(4)
            .waitDurationInOpenState(Duration.ofMinutes(1))
            .build());
    private @Nullable GuardedCardGateway gateway;

    @AfterEach
    void stop() {
        if (gateway != null) {
            gateway.destroy();
        }
        simulator.close();
    }

    @Test
    void errors_are_retried_at_once_with_the_same_key() {
        assertThat(at(simulator.url().toString()).capture("k", "tok_error_twice", AMOUNT, "order-1"))
                .isInstanceOf(Booked.class);
        assertThat(simulator.ledger()).singleElement().satisfies(entry -> assertThat(entry.idempotencyKey())
                .isEqualTo("k"));
    }

    @Test
    void a_timeout_is_undecided_and_the_same_key_finds_what_was_charged() {
        GuardedCardGateway guarded = at(simulator.url().toString());

        assertThat(guarded.capture("k", "tok_timeout_after_charge", AMOUNT, "order-1"))
                .isEqualTo(new Undecided(true, null));
        assertThat(guarded.capture("k", "tok_timeout_after_charge", AMOUNT, "order-1"))
                .isEqualTo(new Booked("ch_1", AMOUNT));
        assertThat(simulator.ledger()).hasSize(1);
    }

    @Test
    void nobody_at_the_address_means_that_nobody_heard() throws IOException {
        int unused;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            unused = socket.getLocalPort();
        }

        assertThat(at("http://127.0.0.1:" + unused).capture("k", "tok_ok", AMOUNT, "order-1"))
                .isEqualTo(new Undecided(false, null));
    }

    @Test
    void a_gateway_in_trouble_is_left_alone_after_a_while() {
        GuardedCardGateway guarded = at(simulator.url().toString());
        simulator.behave(new Faults(0, 1, 0, 0, false));
        GatewayAnswer first = guarded.capture("k1", "tok_ok", AMOUNT, "order-1");
        guarded.capture("k2", "tok_ok", AMOUNT, "order-2");

        assertThat(first).isEqualTo(new Undecided(true, null));
        assertThat(breakers.circuitBreaker("card-gateway").getState()).isEqualTo(CircuitBreaker.State.OPEN);
        simulator.behave(Faults.NONE);
        assertThat(guarded.capture("k3", "tok_ok", AMOUNT, "order-3")).isEqualTo(new Undecided(false, null));
        assertThat(simulator.ledger()).isEmpty();
    }

    @Test
    void nonsense_calls_for_a_person_and_is_not_repeated_at_once() {
        GuardedCardGateway guarded = at(simulator.url().toString());
        guarded.capture("k", "tok_ok", AMOUNT, "order-1");

        GatewayAnswer other = guarded.capture("k", "tok_ok", new Money(701, "EUR"), "order-1");

        assertThat(other).isEqualTo(new Undecided(true, "The gateway answered 422"));
        assertThat(breakers.circuitBreaker("card-gateway").getMetrics().getNumberOfBufferedCalls())
                .isEqualTo(2);
    }

    private GuardedCardGateway at(String url) {
        GatewayProperties properties = new GatewayProperties(
                url,
                Duration.ofSeconds(1),
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1));
        RetryConfig retry = RetryConfig.custom()
                .maxAttempts(3)
                .waitDuration(Duration.ofMillis(10))
                .ignoreExceptions(TimeoutException.class, GatewayNonsenseException.class)
                .build();
        TimeLimiterConfig limiter = TimeLimiterConfig.custom()
                .timeoutDuration(Duration.ofMillis(1_500))
                .build();
        gateway = new GuardedCardGateway(
                properties,
                RetryRegistry.of(retry),
                breakers,
                BulkheadRegistry.of(BulkheadConfig.ofDefaults()),
                TimeLimiterRegistry.of(limiter));
        return gateway;
    }
}
