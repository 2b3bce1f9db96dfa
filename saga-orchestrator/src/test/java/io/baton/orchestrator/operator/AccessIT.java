package io.baton.orchestrator.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.http.test.AccessSweep;
import io.baton.http.test.RawHttp;
import io.baton.messaging.test.RealServers;
import io.baton.messaging.test.Tokens;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;

/** Who may do what, outside of a demonstration: docs/access/saga-orchestrator.txt. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"management.server.port=0"})
@RealServers(database = "access", strict = true)
class AccessIT {

    @Autowired
    private ApplicationContext context;

    @Value("${local.management.port}")
    private int port;

    @Test
    void everybody_may_do_what_the_matrix_says_and_nothing_else() {
        AccessSweep sweep = new AccessSweep(context);
        sweep.isAsWritten("saga-orchestrator");
    }

    @Test
    void a_customer_hears_of_the_services_health_no_more_than_whether_it_is_well() throws Exception {
        String request = "GET /actuator/health HTTP/1.1\nHost: x\nConnection: close\nAuthorization: Bearer %s\n\n";
        RawHttp.Answer customer = RawHttp.send(port, request.formatted(Tokens.customer("c-1")));
        RawHttp.Answer viewer = RawHttp.send(port, request.formatted(Tokens.withRole("vera", "viewer")));

        assertThat(customer.status()).isEqualTo(200);
        assertThat(customer.body()).contains("\"status\"").doesNotContain("components");
        assertThat(viewer.body()).contains("components");
    }

    @Test
    void what_strangers_try_answers_nothing() {
        new AccessSweep(context).answersNothingElse("prometheus", "sagas");
    }
}
