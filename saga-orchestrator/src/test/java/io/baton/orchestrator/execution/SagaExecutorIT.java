package io.baton.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.CommandRefused;
import io.baton.contract.MessageHeaders;
import io.baton.contract.OrderId;
import io.baton.contract.SagaId;
import io.baton.contract.SagaStuck;
import io.baton.contract.Topics;
import io.baton.contract.order.CancelOrder;
import io.baton.messaging.IncomingMessage;
import io.baton.messaging.OutgoingMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SagaExecutorIT {

    private final ExecutionBench bench = new ExecutionBench();

    @Test
    void a_saga_runs_from_its_request_to_its_end() {
        OrderId order = bench.nextOrder();
        OutgoingMessage charge = bench.batch(bench.request(order)).getFirst();
        assertThat(charge.topic()).isEqualTo(Topics.PAYMENT_COMMANDS);
        assertThat(charge.key()).isEqualTo(order.toString());
        assertThat(charge.headers())
                .containsEntry(MessageHeaders.STEP, "payment")
                .containsEntry(MessageHeaders.ATTEMPT, "1")
                .containsEntry(MessageHeaders.EXPIRY_TIME, bench.now.plusSeconds(3_600).toString());

        OutgoingMessage last = charge;
        for (int step = 0; step < 3; step++) {
            last = bench.batch(bench.done(last)).getFirst();
        }
        assertThat(bench.batch(bench.done(last))).isEmpty();
        assertThat(bench.states(order))
                .containsExactly("STARTED", "PAYMENT_COMPLETED", "INVENTORY_RESERVED", "DELIVERY_SCHEDULED",
                        "COMPLETED");
        assertThat(bench.count("saga_timer")).as("a saga that ends in time has no timer").isZero();
        assertThat(bench.counter("saga.started")).isEqualTo(1);
        assertThat(bench.finished("COMPLETED")).isEqualTo(1);
    }

    @Test
    void compensations_are_sent_in_reverse_one_after_the_other() {
        OrderId order = bench.nextOrder();
        OutgoingMessage last = bench.batch(bench.request(order)).getFirst();
        last = bench.batch(bench.done(last)).getFirst();
        last = bench.batch(bench.done(last)).getFirst();
        last = bench.batch(bench.refused(last)).getFirst();
        List<String> undone = new ArrayList<>();
        while (true) {
            undone.add(last.body().getClass().getSimpleName());
            List<OutgoingMessage> next = bench.batch(bench.done(last));
            if (next.isEmpty()) {
                break;
            }
            last = next.getFirst();
        }
        assertThat(undone).containsExactly("ReleaseStock", "RefundPayment", "CancelOrder");
        assertThat(last.body()).isEqualTo(new CancelOrder(order, "ADDRESS_NOT_SERVED", "delivery", "No."));
        assertThat(bench.state(order)).isEqualTo("COMPENSATED");
        assertThat(bench.finished("COMPENSATED")).isEqualTo(1);
    }

    @Test
    void the_number_of_statements_does_not_depend_on_the_size_of_the_batch() {
        int small = statements(1);
        int large = statements(300);
        assertThat(large).isEqualTo(small);
    }

    private int statements(int size) {
        List<IncomingMessage> requests = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            requests.add(bench.request(bench.nextOrder()));
        }
        bench.statements.set(0);
        List<OutgoingMessage> charges = bench.batch(requests);
        assertThat(charges).hasSize(size);
        List<IncomingMessage> replies = new ArrayList<>();
        charges.forEach(charge -> replies.add(bench.done(charge)));
        assertThat(bench.batch(replies)).hasSize(size);
        return bench.statements.get();
    }

    @Test
    void a_request_that_comes_twice_starts_one_saga() {
        OrderId order = bench.nextOrder();
        assertThat(bench.batch(bench.request(order), bench.request(order))).hasSize(1);
        assertThat(bench.batch(bench.request(order))).isEmpty();
        assertThat(bench.count("saga")).isEqualTo(1);
        assertThat(bench.count("saga_data")).isEqualTo(1);
        assertThat(bench.count("saga_log")).isEqualTo(1);
        assertThat(bench.counter("saga.started")).isEqualTo(1);
        assertThat(bench.counter("saga.started.again")).isEqualTo(2);
    }

    @Test
    void a_stale_reply_changes_nothing_and_is_counted() {
        OrderId order = bench.nextOrder();
        OutgoingMessage charge = bench.batch(bench.request(order)).getFirst();
        bench.batch(bench.done(charge));
        Map<String, Object> before = row(order);

        assertThat(bench.batch(bench.done(charge), bench.refused(charge), bench.failed(charge))).isEmpty();
        assertThat(row(order)).isEqualTo(before);
        assertThat(bench.counter("saga.replies.stale")).isEqualTo(3);
    }

    @Test
    void replies_to_one_saga_in_one_batch_are_folded_in_their_order() {
        OrderId order = bench.nextOrder();
        OutgoingMessage charge = bench.batch(bench.request(order)).getFirst();
        OutgoingMessage reserve = bench.batch(bench.done(charge)).getFirst();
        // Both the failure of the first copy and the success of the second are read at once.
        List<OutgoingMessage> said = bench.batch(bench.failed(reserve), bench.done(reserve), bench.done(charge));
        assertThat(said).hasSize(1);
        assertThat(said.getFirst().topic()).isEqualTo(Topics.DELIVERY_COMMANDS);
        assertThat(bench.jdbc.queryForList(
                        "SELECT seq FROM saga_log WHERE saga_id = ? ORDER BY seq", Integer.class, bench.sagaId(order)))
                .containsExactly(1, 2, 3, 4);
        assertThat(row(order).get("version")).isEqualTo(4);
    }

    @Test
    void what_cannot_be_understood_is_parked_and_harms_no_other() {
        OrderId order = bench.nextOrder();
        OutgoingMessage charge = bench.batch(bench.request(order)).getFirst();
        IncomingMessage good = bench.done(charge);
        List<IncomingMessage> batch = new ArrayList<>();
        for (String header : List.of(
                MessageHeaders.SAGA_ID,
                MessageHeaders.STEP,
                MessageHeaders.DIRECTION,
                MessageHeaders.ATTEMPT,
                MessageHeaders.OUTCOME)) {
            Map<String, String> less = new HashMap<>(good.headers());
            less.remove(header);
            batch.add(bench.message(Topics.SAGA_REPLIES, good.key(), good.body(), less));
        }
        batch.add(bench.message(Topics.SAGA_REPLIES, good.key(), good.body(),
                with(good, MessageHeaders.ATTEMPT, "one")));
        batch.add(bench.message(Topics.SAGA_REPLIES, good.key(), good.body(),
                with(good, MessageHeaders.OUTCOME, "FAILED")));
        batch.add(bench.message(
                Topics.SAGA_REPLIES, good.key(), good.body(),
                        with(good, MessageHeaders.SAGA_ID, new SagaId(1).toString())));
        batch.add(bench.message(
                Topics.SAGA_REQUESTS,
                bench.nextOrder().toString(),
                bench.request(bench.nextOrder()).body(),
                Map.of()));
        batch.add(good);

        assertThat(bench.batch(batch)).hasSize(1);
        assertThat(bench.parked).hasSize(batch.size() - 1);
        assertThat(bench.stuck).extracting(SagaStuck::code).containsExactly("MESSAGE_DEAD_LETTERED");
        assertThat(bench.state(order)).as("the good answer heals it").isEqualTo("PAYMENT_COMPLETED");
    }

    @Test
    void an_expired_command_is_tried_again_and_not_taken_for_a_refusal() {
        OrderId order = bench.nextOrder();
        OutgoingMessage charge = bench.batch(bench.request(order)).getFirst();
        bench.batch(bench.reply(charge, "REFUSED", new CommandRefused("EXPIRED", "Too late.")));
        assertThat(bench.state(order)).isEqualTo("STARTED");
        OutgoingMessage again = bench.pass(Duration.ofSeconds(30)).getFirst();
        assertThat(again.headers()).containsEntry(MessageHeaders.ATTEMPT, "2");
    }

    @Test
    void a_saga_whose_definition_is_gone_is_stuck_and_harms_no_other() {
        OrderId order = bench.nextOrder();
        OrderId other = bench.nextOrder();
        List<OutgoingMessage> charges = bench.batch(bench.request(order), bench.request(other));
        bench.jdbc.update("UPDATE saga_data SET definition_version = 99 WHERE business_key = ?", order.value());

        List<OutgoingMessage> said = bench.batch(bench.done(charges.get(0)), bench.done(charges.get(1)));
        assertThat(said).hasSize(1);
        assertThat(bench.state(order)).isEqualTo("STUCK");
        assertThat(row(order)).containsEntry("stuck_code", "DEFINITION_MISSING");
        assertThat(bench.state(other)).isEqualTo("PAYMENT_COMPLETED");
        assertThat(bench.counter("saga.became.stuck")).isEqualTo(1);
        assertThat(bench.stuck).extracting(SagaStuck::code).containsExactly("DEFINITION_MISSING");
        assertThat(bench.open()).containsExactly(1L, 1L);
    }

    @Test
    void a_saga_whose_data_are_broken_is_stuck_and_harms_no_other() {
        OrderId order = bench.nextOrder();
        OrderId other = bench.nextOrder();
        List<OutgoingMessage> charges = bench.batch(bench.request(order), bench.request(other));
        bench.jdbc.update("UPDATE saga_data SET body = '\\x00' WHERE business_key = ?", order.value());

        assertThat(bench.batch(bench.done(charges.get(0)), bench.done(charges.get(1)))).hasSize(1);
        assertThat(row(order)).containsEntry("stuck_code", "INVARIANT_BROKEN");
        assertThat(bench.state(other)).isEqualTo("PAYMENT_COMPLETED");
    }

    @Test
    void a_change_of_a_saga_stays_on_its_page() {
        OrderId order = bench.nextOrder();
        OutgoingMessage last = bench.batch(bench.request(order)).getFirst();
        for (int step = 0; step < 3; step++) {
            last = bench.batch(bench.done(last)).getFirst();
        }
        bench.jdbc.execute("SELECT pg_stat_force_next_flush()");
        Map<String, Object> updates = bench.jdbc.queryForMap(
                "SELECT pg_stat_get_tuples_updated('saga'::regclass) + "
                        + "pg_stat_get_xact_tuples_updated('saga'::regclass) AS all_, "
                        + "pg_stat_get_tuples_hot_updated('saga'::regclass) "
                        + "+ pg_stat_get_xact_tuples_hot_updated('saga'::regclass) AS hot");
        assertThat(updates.get("hot")).isEqualTo(updates.get("all_"));
        assertThat(bench.jdbc.queryForObject(
                        "SELECT count(*) FROM pg_index WHERE indrelid = 'saga'::regclass", Integer.class))
                .isEqualTo(1);
    }

    private Map<String, Object> row(OrderId order) {
        Map<String, Object> row = bench.jdbc.queryForMap("SELECT * FROM saga WHERE id = ?", bench.sagaId(order));
        row.remove("trail");
        return row;
    }

    private static Map<String, String> with(IncomingMessage message, String header, String value) {
        Map<String, String> headers = new HashMap<>(message.headers());
        headers.put(header, value);
        return headers;
    }
}
