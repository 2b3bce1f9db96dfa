package io.baton.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.baton.contract.OrderId;
import io.baton.messaging.OutgoingMessage;
import io.baton.orchestrator.execution.SagaCounts.Balance;
import io.baton.orchestrator.execution.SagaCounts.Open;
import io.baton.orchestrator.fulfilment.OrderFulfilment;
import io.baton.orchestrator.saga.OperatorAction;
import io.baton.orchestrator.saga.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SagaCountsIT {

    private final ExecutionBench bench = ExecutionBench.pooled();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void what_was_started_is_what_ended_and_what_is_open_whenever_one_looks_and_restarts() {
        Random random = new Random(38);
        List<OutgoingMessage> unanswered = new ArrayList<>();
        for (int round = 0; round < 40; round++) {
            for (int i = 0; i < 5; i++) {
                unanswered.addAll(bench.batch(bench.request(bench.nextOrder())));
            }
            for (OutgoingMessage command : List.copyOf(unanswered)) {
                int fate = random.nextInt(10);
                if (fate < 6) {
                    unanswered.remove(command);
                    boolean isRefused = fate == 0 && "ACTION".equals(command.headers().get("ce_direction"));
                    unanswered.addAll(bench.batch(isRefused ? bench.refused(command) : bench.done(command)));
                }
            }
            unanswered.addAll(bench.pass(Duration.ofSeconds(random.nextInt(8))));
            if (round % 7 == 0) {
                bench.use(List.of(OrderFulfilment.definition()));
            }
            assertThat(balance()).as("round %s", round).isEqualTo(counted());
            assertThat(balance().started()).isEqualTo((round + 1) * 5L);
        }
        assertThat(balance().completed()).isPositive();
        assertThat(balance().compensated()).isPositive();
        assertThat(bench.count("saga_timer")).isPositive();
        assertThat(bench.jdbc.queryForObject("SELECT started FROM saga_total", Long.class)).isPositive();
    }

    @Test
    void a_stuck_saga_that_ends_is_counted_once_and_leaves_no_timer() {
        OrderId order = bench.nextOrder();
        OutgoingMessage last = bench.batch(bench.request(order)).getFirst();
        last = bench.batch(bench.done(last)).getFirst();
        last = bench.batch(bench.done(last)).getFirst();
        last = bench.batch(bench.done(last)).getFirst();
        for (int i = 0; i < 7; i++) {
            bench.pass(Duration.ofSeconds(11));
        }
        assertThat(balance()).isEqualTo(new Balance(1, 0, 0, 0, 1));
        assertThat(bench.counts.take().open()).singleElement().satisfies(open -> {
            assertThat(open.step()).isEqualTo("completion");
            assertThat(open.reason()).isEqualTo("RETRIES_EXHAUSTED");
            assertThat(open.phase()).isEqualTo(Phase.STUCK);
        });
        bench.interventions.grant(bench.wish(order, new OperatorAction.Resolve("completion", true)));
        assertThat(balance()).isEqualTo(new Balance(1, 1, 0, 0, 0));
        bench.pass(Duration.ofSeconds(1));
        assertThat(balance()).isEqualTo(new Balance(1, 1, 0, 0, 0));
        assertThat(bench.count("saga_timer")).isZero();
    }

    @Test
    void open_sagas_are_told_by_where_they_are_and_how_old() {
        OutgoingMessage charge = bench.batch(bench.request(bench.nextOrder())).getFirst();
        bench.batch(bench.done(charge));
        OutgoingMessage undone = bench.batch(bench.request(bench.nextOrder())).getFirst();
        undone = bench.batch(bench.done(undone)).getFirst();
        undone = bench.batch(bench.done(undone)).getFirst();
        bench.batch(bench.refused(undone));
        assertThat(bench.counts.take().open())
                .extracting(Open::state, Open::step, Open::age, Open::count)
                .containsExactlyInAnyOrder(
                        tuple("PAYMENT_COMPLETED", "inventory", 5, 1L),
                        tuple("COMPENSATING", "inventory", 5, 1L));
    }

    private Balance balance() {
        return bench.counts.take().balances().get("order-fulfilment");
    }

    /** The slow way, which looks at every saga. */
    private Balance counted() {
        Balance counted = bench.jdbc.queryForObject(
                "SELECT count(*), count(*) FILTER (WHERE phase = 2), count(*) FILTER (WHERE phase = 3), "
                        + "count(*) FILTER (WHERE phase IN (0, 1)), count(*) FILTER (WHERE phase = 4) FROM saga",
                (row, number) -> new Balance(
                        row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)));
        assertThat(counted.started())
                .isEqualTo(counted.completed() + counted.compensated() + counted.moving() + counted.stuck());
        return counted;
    }
}
