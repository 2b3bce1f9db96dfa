package io.baton.payment.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.OrderId;
import io.baton.messaging.Ids;
import io.baton.payment.ClaimedCall;
import io.baton.payment.PaymentTest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Two processes look for calls at the same time. The running service is told to look away. */
@PaymentTest
class DueCallsTest {

    private static final Duration LEASE = Duration.ofMinutes(1);

    @Autowired
    private DueCalls dueCalls;

    @Autowired
    private CallDispatcher dispatcher;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private Ids ids;

    @Autowired
    private Clock clock;

    @Autowired
    private PlatformTransactionManager transactionManager;

    @BeforeEach
    void lookAway() {
        dispatcher.stop();
    }

    @AfterEach
    void lookAgain() {
        jdbc.sql("delete from gateway_call where idempotency_key like 'due-%'").update();
        jdbc.sql("delete from payment where idempotency_key like 'due-%'").update();
        dispatcher.start();
    }

    @Test
    void the_database_ends_a_transaction_in_which_this_process_stands_still() {
        assertThat(jdbc.sql("show idle_in_transaction_session_timeout").query(String.class).single())
                .isEqualTo("45s");
    }

    @Test
    void calls_are_made_until_the_web_server_takes_no_more_payments_and_their_answers_are_still_said() {
        int stopOfTheWebServer = Integer.MAX_VALUE - 2_048;
        int messaging = -1_000;
        assertThat(dispatcher.getPhase()).isLessThan(stopOfTheWebServer).isGreaterThan(messaging);
    }

    @Test
    void a_call_is_taken_by_one_process_at_a_time() {
        IntStream.range(0, 10).forEach(i -> open());
        TransactionTemplate other = new TransactionTemplate(transactionManager);
        other.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

        Set<String> taken = other.execute(status -> {
            List<ClaimedCall> first = dueCalls.claim(4, LEASE);
            List<ClaimedCall> second = other.execute(inner -> dueCalls.claim(100, LEASE));
            assertThat(first).hasSize(4);
            assertThat(second).hasSize(6).doesNotContainAnyElementsOf(first);
            return first.stream().map(ClaimedCall::idempotencyKey).collect(Collectors.toSet());
        });

        assertThat(taken).hasSize(4);
        assertThat(dueCalls.claim(100, LEASE)).isEmpty();
    }

    @Test
    void a_call_whose_process_died_is_due_again_when_the_lease_is_over() {
        open();
        ClaimedCall first = dueCalls.claim(10, Duration.ZERO).getFirst();

        ClaimedCall second = dueCalls.claim(10, LEASE).getFirst();

        assertThat(first.claim()).isEqualTo(1);
        assertThat(first.mayBeKnown()).isFalse();
        assertThat(second.claim()).isEqualTo(2);
        assertThat(second.mayBeKnown()).isTrue();
        assertThat(second.idempotencyKey()).isEqualTo(first.idempotencyKey());
    }

    private void open() {
        OrderId order = ids.nextOrderId(clock.instant());
        jdbc.sql("insert into payment (order_id, customer_id, method, status, amount_minor, currency, card_token,"
                        + " idempotency_key, created_at, updated_at)"
                        + " values (:order, 'c', 'CARD', 'PENDING', 7, 'EUR', 'tok_ok', :key, now(), now())")
                .param("order", order.value())
                .param("key", "due-" + order)
                .update();
        jdbc.sql("insert into gateway_call (idempotency_key, order_id, kind, amount_minor, currency, state, due_at,"
                        + " claims, may_be_known, created_at)"
                        + " values (:key, :order, 'CAPTURE', 7, 'EUR', 'OPEN', now(), 0, false, now())")
                .param("order", order.value())
                .param("key", "due-" + order)
                .update();
    }
}
