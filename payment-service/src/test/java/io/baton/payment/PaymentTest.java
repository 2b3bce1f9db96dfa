package io.baton.payment;

import io.baton.messaging.test.RealServers;
import io.baton.payment.kafka.Replies;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

/**
 * A test of the whole service on real servers and a simulated gateway. All such tests share one running service, so
 * each uses customers and orders of its own ({@link Fixture}), and leaves the gateway in good health.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "baton.gateway.lease=2s",
            "baton.gateway.poll-interval=100ms",
            "baton.gateway.retry-delay-max=500ms",
            "resilience4j.timelimiter.instances.card-gateway.timeout-duration=300ms",
            "resilience4j.circuitbreaker.instances.card-gateway.minimum-number-of-calls=1000",
            "resilience4j.circuitbreaker.instances.card-gateway.sliding-window-size=1000",
            "spring.jpa.properties.hibernate.generate_statistics=true",
            "logging.level.org.hibernate.engine.internal.StatisticalLoggingSessionEventListener=warn"
        })
@ContextConfiguration(initializers = TestGateway.class)
@Import({Fixture.class, Replies.class})
@AutoConfigureMockMvc
@RealServers(database = "payments")
public @interface PaymentTest {}
