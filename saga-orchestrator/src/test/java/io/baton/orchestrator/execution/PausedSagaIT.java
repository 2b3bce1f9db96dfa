package io.baton.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.MessageHeaders;
import io.baton.contract.OrderId;
import io.baton.contract.inventory.ReserveStock;
import io.baton.contract.order.CancelOrder;
import io.baton.contract.payment.ChargePayment;
import io.baton.contract.payment.RefundPayment;
import io.baton.messaging.OutgoingMessage;
import io.baton.orchestrator.cancellation.OrderCancellation;
import io.baton.orchestrator.execution.SagaInterventions.Result;
import io.baton.orchestrator.fulfilment.OrderFulfilment;
import io.baton.orchestrator.saga.OperatorAction;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A saga of which an operator holds back everything that it says. */
class PausedSagaIT {

    @RegisterExtension
    final OneSaga saga = new OneSaga();

    private final ExecutionBench bench = saga.bench;
    private final OrderId order = saga.order;

    @Test
    void says_nothing_though_answers_still_count() {
        OutgoingMessage charge = saga.start();
        saga.pause();
        assertThat(bench.batch(bench.done(charge))).isEmpty();
        assertThat(bench.state(order)).isEqualTo("PAYMENT_COMPLETED");
        assertThat(saga.held()).containsExactly("inventory ACTION 1");
    }

    @Test
    void says_what_it_held_when_it_goes_on_and_only_then() {
        OutgoingMessage charge = saga.start();
        saga.pause();
        bench.batch(bench.done(charge));
        bench.now = bench.now.plus(Duration.ofHours(3));
        int said = bench.said.size();
        saga.resume();
        assertThat(bench.said.subList(said, bench.said.size())).hasSize(1).first().satisfies(reserve -> {
            assertThat(reserve.body()).isInstanceOf(ReserveStock.class);
            assertThat(reserve.headers())
                    .containsEntry(MessageHeaders.ATTEMPT, "1")
                    .containsEntry(MessageHeaders.EXPIRY_TIME, bench.now.plusSeconds(3_600).toString());
        });
        assertThat(saga.held()).isEmpty();
        finish(bench.said.getLast());
    }

    @Test
    void has_a_clock_that_stands_still() {
        saga.start();
        bench.pass(Duration.ofSeconds(4));
        saga.pause();
        assertThat(bench.pass(Duration.ofDays(2))).as("neither timeout nor deadline").isEmpty();
        assertThat(bench.state(order)).isEqualTo("STARTED");
        saga.resume();
        assertThat(bench.pass(Duration.ofSeconds(5))).as("nine of ten seconds").isEmpty();
        assertThat(bench.pass(Duration.ofSeconds(2)))
                .extracting(OutgoingMessage::body)
                .hasOnlyElementsOfType(ChargePayment.class);
        assertThat(bench.queries.find(bench.sagaId(order)).orElseThrow().saga().startedAt())
                .as("people see when it really started")
                .isEqualTo(bench.now.minus(Duration.ofDays(2)).minusSeconds(11));
    }

    @Test
    void has_the_timeout_of_what_it_said_meanwhile_before_it() {
        OutgoingMessage charge = saga.start();
        saga.pause();
        bench.pass(Duration.ofHours(1));
        bench.batch(bench.done(charge));
        bench.pass(Duration.ofHours(1));
        saga.resume();
        assertThat(bench.pass(Duration.ofSeconds(9))).isEmpty();
        assertThat(bench.pass(Duration.ofSeconds(2))).hasSize(1);
    }

    @Test
    void keeps_only_the_newest_command_of_a_step() {
        OutgoingMessage charge = saga.start();
        bench.batch(bench.failed(charge));
        saga.pause();
        granted(new OperatorAction.Retry());
        assertThat(saga.held()).containsExactly("payment ACTION 2");
        saga.resume();
        assertThat(bench.said.getLast().headers()).containsEntry(MessageHeaders.ATTEMPT, "2");
        finish(bench.said.getLast());
    }

    @Test
    void forgets_what_an_operator_made_obsolete() {
        OutgoingMessage charge = saga.start();
        bench.batch(bench.failed(charge));
        saga.pause();
        granted(new OperatorAction.Retry());
        bench.use(List.of(OrderCancellation.definition()));
        bench.batch(bench.cancel(order));
        bench.use(List.of(OrderFulfilment.definition()));
        assertThat(bench.state(order)).as("for a while its definition was gone").isEqualTo("STUCK");
        granted(new OperatorAction.Compensate());
        assertThat(saga.held()).containsExactly("payment COMPENSATION 1");
        int said = bench.said.size();
        saga.resume();
        assertThat(bench.said.subList(said, bench.said.size()))
                .extracting(OutgoingMessage::body)
                .containsExactly(new RefundPayment(order));
    }

    @Test
    void that_ends_is_paused_no_more() {
        OutgoingMessage refund = saga.unwinding();
        for (int attempt = 1; attempt <= 6; attempt++) {
            bench.batch(bench.failed(refund));
            List<OutgoingMessage> again = bench.pass(Duration.ofSeconds(40));
            refund = again.isEmpty() ? refund : again.getFirst();
        }
        saga.pause();
        granted(new OperatorAction.Skip("payment"));
        assertThat(saga.held()).containsExactly("order COMPENSATION 1");
        saga.resume();
        assertThat(bench.said.getLast().body()).isInstanceOf(CancelOrder.class);
        saga.pause();
        bench.batch(bench.done(bench.said.getLast()));
        assertThat(bench.state(order)).isEqualTo("COMPENSATED");
        assertThat(saga.isPaused()).isFalse();
        bench.pass(Duration.ofSeconds(11));
        assertThat(bench.count("saga_timer")).isZero();
        assertThat(whyNot(true)).contains("has ended");
    }

    @Test
    void is_paused_once_and_goes_on_once() {
        saga.start();
        saga.pause();
        assertThat(whyNot(true)).isEqualTo("the saga is paused already");
        saga.resume();
        assertThat(whyNot(false)).isEqualTo("the saga is not paused");
    }

    @Test
    void whose_pause_is_asked_for_twice_under_one_request_id_is_paused_once() {
        saga.start();
        UUID request = UUID.randomUUID();
        assertThat(saga.wish(bench.pauses.pause(), request)).isEqualTo(new Result.Granted(1));
        saga.resume();
        assertThat(saga.wish(bench.pauses.pause(), request)).isEqualTo(new Result.Repeated(1));
        assertThat(saga.isPaused()).as("the repeated wish did nothing").isFalse();
    }

    @Test
    void does_not_fire_even_if_its_timer_was_found_before_the_pause() {
        saga.start();
        saga.pause();
        bench.jdbc.update("UPDATE saga_timer SET due_at = ?::timestamptz", bench.now.toString());
        assertThat(bench.pass(Duration.ofMinutes(1))).isEmpty();
        assertThat(bench.jdbc.queryForObject("SELECT due_at = 'infinity' FROM saga_timer", Boolean.class))
                .isTrue();
    }

    private void finish(OutgoingMessage command) {
        List<OutgoingMessage> next = bench.batch(bench.done(command));
        while (!next.isEmpty()) {
            next = bench.batch(bench.done(next.getFirst()));
        }
        assertThat(bench.state(order)).isEqualTo("COMPLETED");
    }

    private String whyNot(boolean pauses) {
        Deed deed = pauses ? bench.pauses.pause() : bench.pauses.resume();
        Result result = saga.wish(deed, UUID.randomUUID());
        assertThat(result).isInstanceOf(Result.Refused.class);
        return ((Result.Refused) result).why();
    }

    private void granted(OperatorAction action) {
        assertThat(bench.interventions.grant(bench.wish(order, action))).isInstanceOf(Result.Granted.class);
    }
}
