package io.baton.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.CommandFailed;
import io.baton.contract.OrderId;
import io.baton.contract.SagaId;
import io.baton.contract.SagaStuck;
import io.baton.messaging.OutgoingMessage;
import io.baton.orchestrator.saga.OperatorAction;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A saga that needs a person says so once. */
class StuckSagaIT {

    @RegisterExtension
    final OneSaga saga = new OneSaga();

    private final ExecutionBench bench = saga.bench;
    private final OrderId order = saga.order;

    @Test
    void is_told_of_by_one_dead_letter() {
        OutgoingMessage refund = saga.failUntilStuck(saga.unwinding());
        assertThat(bench.stuck)
                .containsExactly(new SagaStuck(
                        new SagaId(bench.sagaId(order)),
                        "order-fulfilment",
                        1,
                        "COMPENSATION",
                        "COMPENSATION_FAILED",
                        "payment",
                        "Failed at the last of 6 attempts: DOWN: Not now."));
        bench.batch(bench.failed(refund), bench.failed(refund));
        bench.pass(OneSaga.LONG);
        assertThat(bench.stuck).as("it does not get stuck again by what it knows").hasSize(1);
    }

    @Test
    void is_told_of_again_when_it_gets_stuck_again() {
        saga.failUntilStuck(saga.unwinding());
        saga.granted(new OperatorAction.Retry());
        assertThat(bench.state(order)).isEqualTo("COMPENSATING");
        saga.failUntilStuck(bench.said.getLast());
        assertThat(bench.stuck).extracting(SagaStuck::code)
                .containsExactly("COMPENSATION_FAILED", "COMPENSATION_FAILED");
        assertThat(bench.counter("saga.became.stuck")).isEqualTo(2);
    }

    @Test
    void by_silence_is_told_of_too() {
        saga.untilDelivery();
        for (int i = 0; i < 6; i++) {
            bench.pass(Duration.ofSeconds(11));
        }
        assertThat(bench.state(order)).isEqualTo("STUCK");
        assertThat(bench.stuck).extracting(SagaStuck::code).containsExactly("OUTCOME_UNKNOWN");
        assertThat(bench.open()).containsExactly(0L, 1L);
    }

    @Test
    void by_a_command_that_its_participant_put_aside_says_so() {
        OutgoingMessage last = saga.unwinding();
        for (int attempt = 1; attempt <= 6; attempt++) {
            bench.batch(bench.reply(last, "FAILED", new CommandFailed("DEAD_LETTERED", "Poison.", 0)));
            List<OutgoingMessage> again = bench.pass(OneSaga.LONG);
            last = again.isEmpty() ? last : again.getFirst();
        }
        assertThat(bench.stuck).extracting(SagaStuck::code).containsExactly("MESSAGE_DEAD_LETTERED");
    }
}
