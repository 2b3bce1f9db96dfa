package io.baton.delivery.rest;

import io.baton.http.test.AccessSweep;
import io.baton.messaging.test.RealServers;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;

/** Who may do what, outside of a demonstration: docs/access/delivery-service.txt. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"management.server.port=0"})
@RealServers(database = "deliveries", strict = true)
class AccessIT {

    @Autowired
    private ApplicationContext context;

    @Test
    void everybody_may_do_what_the_matrix_says_and_nothing_else() {
        AccessSweep sweep = new AccessSweep(context);
        sweep.isAsWritten("delivery-service");
    }

    @Test
    void what_strangers_try_answers_nothing() {
        new AccessSweep(context).answersNothingElse("prometheus");
    }
}
