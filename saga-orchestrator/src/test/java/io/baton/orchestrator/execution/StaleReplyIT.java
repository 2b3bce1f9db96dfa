package io.baton.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.OrderId;
import io.baton.messaging.IncomingMessage;
import io.baton.messaging.OutgoingMessage;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A reply that nobody waits for. */
class StaleReplyIT {

    @RegisterExtension
    final OneSaga saga = new OneSaga();

    private final ExecutionBench bench = saga.bench;
    private final OrderId order = saga.order;

    @Test
    void is_kept_and_changes_nothing() {
        OutgoingMessage charge = saga.start();
        bench.batch(bench.done(charge));
        Map<String, Object> before = saga.row();

        IncomingMessage again = bench.done(charge);
        assertThat(bench.batch(again, bench.refused(charge))).isEmpty();
        assertThat(saga.row()).isEqualTo(before);
        assertThat(bench.jdbc.queryForList("SELECT * FROM saga_stale_reply ORDER BY reply_position"))
                .hasSize(2)
                .first()
                .satisfies(stale -> assertThat(stale)
                        .containsEntry("saga_id", bench.sagaId(order))
                        .containsEntry("step", "payment")
                        .containsEntry("direction", "ACTION")
                        .containsEntry("attempt", 1)
                        .containsEntry("outcome", "DONE")
                        .containsEntry("reply_position", again.position())
                        .extractingByKey("detail")
                        .asString()
                        .contains("inventory"));
    }

    @Test
    void is_kept_when_the_saga_has_ended() {
        OutgoingMessage last = saga.untilDelivery();
        last = bench.batch(bench.done(last)).getFirst();
        bench.batch(bench.done(last));
        assertThat(bench.batch(bench.done(last))).isEmpty();
        assertThat(bench.state(order)).isEqualTo("COMPLETED");
        assertThat(bench.count("saga_stale_reply")).isEqualTo(1);
    }
}
