package io.baton.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.OrderId;
import io.baton.contract.payment.ChargePayment;
import io.baton.messaging.IncomingMessage;
import io.baton.messaging.OutgoingMessage;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What operators hold back of a definition or of one of its steps, and let go. */
class HoldIT {

    private static final String FULFILMENT = "order-fulfilment";

    @RegisterExtension
    final OneSaga saga = new OneSaga();

    private final ExecutionBench bench = saga.bench;
    private final OrderId order = saga.order;

    @Test
    void keeps_the_commands_of_a_step_and_lets_the_others_go() {
        hold("inventory");
        OutgoingMessage charge = saga.start();
        assertThat(charge.body()).isInstanceOf(ChargePayment.class);
        assertThat(bench.batch(bench.done(charge))).isEmpty();
        assertThat(saga.held()).containsExactly("inventory ACTION 1");
        assertThat(bench.pass(Duration.ofDays(1))).as("its clock stands still").isEmpty();
    }

    @Test
    void keeps_the_first_command_too() {
        hold(null);
        assertThat(bench.batch(bench.request(order), bench.request(order))).isEmpty();
        assertThat(saga.held()).containsExactly("payment ACTION 1");
    }

    @Test
    void is_let_go_at_the_pace_that_was_asked_for() {
        long hold = hold(null);
        List<IncomingMessage> requests = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            requests.add(bench.request(bench.nextOrder()));
        }
        bench.batch(requests);
        release(hold, 8);
        assertThat(turn()).hasSize(2);
        assertThat(turn()).as("not before its time").isEmpty();
        bench.now = bench.now.plusMillis(250);
        assertThat(turn()).hasSize(2);
        for (int i = 0; i < 3; i++) {
            bench.now = bench.now.plusMillis(250);
            assertThat(turn()).hasSize(2);
        }
        bench.now = bench.now.plusMillis(250);
        assertThat(turn()).isEmpty();
        assertThat(bench.said).extracting(OutgoingMessage::id).doesNotHaveDuplicates().hasSize(10);
        assertThat(bench.count("held_command")).isZero();
        assertThat(bench.jdbc.queryForObject("SELECT count(*) FROM saga WHERE stopped_at IS NULL", Integer.class))
                .isEqualTo(10);
    }

    @Test
    void whose_release_dies_in_the_middle_loses_and_repeats_nothing() {
        long hold = hold(null);
        bench.batch(bench.request(order), bench.request(bench.nextOrder()));
        release(hold, 4);
        bench.transactions.executeWithoutResult(transaction -> {
            bench.release.takeTurn();
            transaction.setRollbackOnly();
        });
        assertThat(bench.said).hasSize(1);
        bench.said.clear();
        assertThat(bench.count("held_command")).isEqualTo(2);
        assertThat(turn()).hasSize(1);
        bench.now = bench.now.plusMillis(250);
        assertThat(turn()).hasSize(1);
        assertThat(bench.said).extracting(OutgoingMessage::id).doesNotHaveDuplicates().hasSize(2);
    }

    @Test
    void is_let_go_by_one_instance_at_a_time() throws Exception {
        long hold = hold(null);
        saga.start();
        release(hold, 4);
        try (Connection other = bench.connect()) {
            other.setAutoCommit(false);
            try (var select = other.prepareStatement("SELECT FROM saga_hold FOR UPDATE")) {
                select.execute();
            }
            assertThat(turn()).as("another instance is at it").isEmpty();
            other.rollback();
        }
        assertThat(turn()).hasSize(1);
    }

    @Test
    void does_not_let_go_what_a_pause_holds() {
        long hold = hold(null);
        saga.start();
        saga.pause();
        release(hold, 100);
        assertThat(turn()).isEmpty();
        assertThat(saga.held()).containsExactly("payment ACTION 1");
        saga.resume();
        assertThat(bench.said).hasSize(1);
    }

    @Test
    void still_holds_what_a_resumed_saga_has() {
        hold("payment");
        saga.start();
        saga.pause();
        saga.resume();
        assertThat(bench.said).isEmpty();
        assertThat(saga.held()).containsExactly("payment ACTION 1");
    }

    @Test
    void does_not_let_go_what_another_hold_is_on() {
        long first = hold("payment");
        saga.start();
        long second = hold(null);
        release(first, 100);
        assertThat(turn()).isEmpty();
        release(second, 100);
        assertThat(turn()).hasSize(1);
    }

    @Test
    void also_lets_go_what_an_instance_held_that_had_not_heard_of_the_release() {
        long hold = hold("payment");
        bench.jdbc.update("UPDATE saga_hold SET released_at = now(), max_per_second = 4, next_at = '-infinity'");
        saga.start();
        assertThat(saga.held()).hasSize(1);
        assertThat(turn()).hasSize(1);
        assertThat(bench.holds.find(hold).orElseThrow().heldCommands()).isZero();
    }

    @Test
    void of_the_same_thing_is_one_and_is_let_go_once() {
        long hold = hold("payment");
        assertThat(bench.holds.hold(UUID.randomUUID(), FULFILMENT, "payment", "otto", "Me too."))
                .isEqualTo(new SagaHolds.Result.Refused("step 'payment' is held already"));
        assertThat(bench.holds.isKnown(FULFILMENT, "payment")).isTrue();
        assertThat(bench.holds.isKnown(FULFILMENT, "paymet")).isFalse();
        assertThat(bench.holds.all()).extracting(SagaHolds.Hold::id).containsExactly(hold);
        release(hold, 4);
        assertThat(bench.holds.release(UUID.randomUUID(), hold, 4, "olga", "Again."))
                .isInstanceOf(SagaHolds.Result.Refused.class);
        assertThat(bench.holds.release(UUID.randomUUID(), 99, 4, "olga", "Which?")).isInstanceOf(SagaHolds.Result.NoSuchHold.class);
        assertThat(bench.holds.all()).isEmpty();
        assertThat(audited()).containsExactly(
                "olga hold GRANTED", "otto hold REFUSED", "olga release GRANTED", "olga release REFUSED",
                "olga release REFUSED");
    }

    @Test
    void that_is_asked_for_twice_is_one_and_under_the_id_of_another_wish_is_none() {
        UUID request = UUID.randomUUID();
        SagaHolds.Result first = bench.holds.hold(request, FULFILMENT, "payment", "olga", "Bank is away.");
        assertThat(bench.holds.hold(request, FULFILMENT, "payment", "olga", "Bank is away.")).isEqualTo(first);
        long hold = ((SagaHolds.Result.Granted) first).hold().id();
        SagaHolds.Result used = new SagaHolds.Result.Refused(OperatorAudit.USED);

        assertThat(bench.holds.hold(request, FULFILMENT, "inventory", "olga", "That too.")).isEqualTo(used);
        assertThat(bench.holds.hold(request, FULFILMENT, "payment", "otto", "Me too.")).isEqualTo(used);
        assertThat(bench.holds.release(request, hold, 4, "olga", "It is back.")).isEqualTo(used);

        assertThat(bench.holds.all()).extracting(SagaHolds.Hold::id).containsExactly(hold);
        assertThat(audited()).containsExactly(
                "olga hold GRANTED", "olga hold REFUSED", "otto hold REFUSED", "olga release REFUSED");
        UUID release = UUID.randomUUID();
        SagaHolds.Result released = bench.holds.release(release, hold, 4, "olga", "It is back.");
        assertThat(bench.holds.release(release, hold, 4, "olga", "It is back.")).isEqualTo(released);
    }

    @Test
    void nothing_held_costs_no_statement() {
        OutgoingMessage charge = saga.start();
        bench.statements.set(0);
        bench.batch(bench.done(charge));
        assertThat(bench.statements.get()).as("lock, save, log").isEqualTo(3);
    }

    @Test
    void a_batch_of_held_sagas_takes_as_many_statements_as_one_of_them() {
        hold("payment");
        bench.statements.set(0);
        bench.batch(bench.request(order));
        int one = bench.statements.getAndSet(0);
        List<IncomingMessage> requests = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            requests.add(bench.request(bench.nextOrder()));
        }
        bench.batch(requests);
        assertThat(bench.statements.get()).isEqualTo(one);
    }

    private long hold(String step) {
        SagaHolds.Result result = bench.holds.hold(UUID.randomUUID(), FULFILMENT, step, "olga", "Bank is away.");
        return ((SagaHolds.Result.Granted) result).hold().id();
    }

    private void release(long hold, int maxPerSecond) {
        assertThat(bench.holds.release(UUID.randomUUID(), hold, maxPerSecond, "olga", "It is back."))
                .isInstanceOf(SagaHolds.Result.Granted.class);
    }

    private List<OutgoingMessage> turn() {
        int before = bench.said.size();
        bench.release.takeTurn();
        return List.copyOf(bench.said.subList(before, bench.said.size()));
    }

    private List<String> audited() {
        return bench.jdbc.queryForList(
                "SELECT actor || ' ' || action || ' ' || result FROM operator_audit ORDER BY id", String.class);
    }
}
