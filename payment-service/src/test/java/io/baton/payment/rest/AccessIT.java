package io.baton.payment.rest;

import io.baton.contract.Money;
import io.baton.http.test.AccessSweep;
import io.baton.messaging.test.RealServers;
import io.baton.payment.WalletAccounts;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;

/** Who may do what, outside of a demonstration: docs/access/payment-service.txt. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"management.server.port=0", "baton.gateway.url=http://127.0.0.1:1"})
@RealServers(database = "payments", strict = true)
class AccessIT {

    @Autowired
    private ApplicationContext context;

    @Autowired
    private WalletAccounts accounts;

    @Test
    void everybody_may_do_what_the_matrix_says_and_nothing_else() {
        accounts.credit(AccessSweep.CUSTOMER, new Money(1_000, "EUR"));
        AccessSweep sweep = new AccessSweep(context).with("customerId", AccessSweep.CUSTOMER);
        sweep.isAsWritten("payment-service");
    }

    @Test
    void what_strangers_try_answers_nothing() {
        new AccessSweep(context).answersNothingElse("prometheus");
    }
}
