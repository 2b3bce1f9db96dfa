package io.baton.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.MessageHeaders;
import io.baton.contract.OrderId;
import io.baton.contract.SagaId;
import io.baton.contract.inventory.ReserveStock;
import io.baton.contract.order.CancelOrder;
import io.baton.contract.payment.ChargePayment;
import io.baton.contract.payment.RefundPayment;
import io.baton.messaging.IncomingMessage;
import io.baton.messaging.OutgoingMessage;
import io.baton.orchestrator.cancellation.OrderCancellation;
import io.baton.orchestrator.execution.SagaInterventions.Result;
import io.baton.orchestrator.execution.SagaInterventions.Wish;
import io.baton.orchestrator.fulfilment.OrderFulfilment;
import io.baton.orchestrator.saga.OperatorAction;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What operators hold back, and let go. */
class HoldingIT {

    private static final String FULFILMENT = "order-fulfilment";

    private final ExecutionBench bench = new ExecutionBench();
    private final OrderId order = bench.nextOrder();

    @Nested
    class A_paused_saga {

        @Test
        void says_nothing_though_answers_still_count() {
            OutgoingMessage charge = start();
            pause();
            assertThat(bench.batch(bench.done(charge))).isEmpty();
            assertThat(bench.state(order)).isEqualTo("PAYMENT_COMPLETED");
            assertThat(held()).containsExactly("inventory ACTION 1");
        }

        @Test
        void says_what_it_held_when_it_goes_on_and_only_then() {
            OutgoingMessage charge = start();
            pause();
            bench.batch(bench.done(charge));
            bench.now = bench.now.plus(Duration.ofHours(3));
            int said = bench.said.size();
            resume();
            assertThat(bench.said.subList(said, bench.said.size())).hasSize(1).first().satisfies(reserve -> {
                assertThat(reserve.body()).isInstanceOf(ReserveStock.class);
                assertThat(reserve.headers())
                        .containsEntry(MessageHeaders.ATTEMPT, "1")
                        .containsEntry(MessageHeaders.EXPIRY_TIME, bench.now.plusSeconds(3_600).toString());
            });
            assertThat(held()).isEmpty();
            finish(bench.said.getLast());
        }

        @Test
        void has_a_clock_that_stands_still() {
            start();
            bench.pass(Duration.ofSeconds(4));
            pause();
            assertThat(bench.pass(Duration.ofDays(2))).as("neither timeout nor deadline").isEmpty();
            assertThat(bench.state(order)).isEqualTo("STARTED");
            resume();
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
            OutgoingMessage charge = start();
            pause();
            bench.pass(Duration.ofHours(1));
            bench.batch(bench.done(charge));
            bench.pass(Duration.ofHours(1));
            resume();
            assertThat(bench.pass(Duration.ofSeconds(9))).isEmpty();
            assertThat(bench.pass(Duration.ofSeconds(2))).hasSize(1);
        }

        @Test
        void keeps_only_the_newest_command_of_a_step() {
            OutgoingMessage charge = start();
            bench.batch(bench.failed(charge));
            pause();
            granted(new OperatorAction.Retry());
            assertThat(held()).containsExactly("payment ACTION 2");
            resume();
            assertThat(bench.said.getLast().headers()).containsEntry(MessageHeaders.ATTEMPT, "2");
            finish(bench.said.getLast());
        }

        @Test
        void forgets_what_an_operator_made_obsolete() {
            OutgoingMessage charge = start();
            bench.batch(bench.failed(charge));
            pause();
            granted(new OperatorAction.Retry());
            bench.use(List.of(OrderCancellation.definition()));
            bench.batch(bench.cancel(order));
            bench.use(List.of(OrderFulfilment.definition()));
            assertThat(bench.state(order)).as("for a while its definition was gone").isEqualTo("STUCK");
            granted(new OperatorAction.Compensate());
            assertThat(held()).containsExactly("payment COMPENSATION 1");
            int said = bench.said.size();
            resume();
            assertThat(bench.said.subList(said, bench.said.size()))
                    .extracting(OutgoingMessage::body)
                    .containsExactly(new RefundPayment(order));
        }

        @Test
        void that_ends_is_paused_no_more() {
            OutgoingMessage refund = unwinding();
            for (int attempt = 1; attempt <= 6; attempt++) {
                bench.batch(bench.failed(refund));
                List<OutgoingMessage> again = bench.pass(Duration.ofSeconds(40));
                refund = again.isEmpty() ? refund : again.getFirst();
            }
            pause();
            granted(new OperatorAction.Skip("payment"));
            assertThat(held()).containsExactly("order COMPENSATION 1");
            resume();
            assertThat(bench.said.getLast().body()).isInstanceOf(CancelOrder.class);
            pause();
            bench.batch(bench.done(bench.said.getLast()));
            assertThat(bench.state(order)).isEqualTo("COMPENSATED");
            assertThat(isPaused()).isFalse();
            bench.pass(Duration.ofSeconds(11));
            assertThat(bench.count("saga_timer")).isZero();
            assertThat(whyNot(true)).contains("has ended");
        }

        @Test
        void is_paused_once_and_goes_on_once() {
            start();
            pause();
            assertThat(whyNot(true)).isEqualTo("the saga is paused already");
            resume();
            assertThat(whyNot(false)).isEqualTo("the saga is not paused");
        }

        @Test
        void whose_pause_is_asked_for_twice_under_one_request_id_is_paused_once() {
            start();
            UUID request = UUID.randomUUID();
            assertThat(wish(bench.pauses.pause(), request)).isEqualTo(new Result.Granted(1));
            resume();
            assertThat(wish(bench.pauses.pause(), request)).isEqualTo(new Result.Repeated(1));
            assertThat(isPaused()).as("the repeated wish did nothing").isFalse();
        }

        @Test
        void does_not_fire_even_if_its_timer_was_found_before_the_pause() {
            start();
            pause();
            bench.jdbc.update("UPDATE saga_timer SET due_at = ?::timestamptz", bench.now.toString());
            assertThat(bench.pass(Duration.ofMinutes(1))).isEmpty();
            assertThat(bench.jdbc.queryForObject("SELECT due_at = 'infinity' FROM saga_timer", Boolean.class))
                    .isTrue();
        }
    }

    @Nested
    class A_hold {

        @Test
        void keeps_the_commands_of_a_step_and_lets_the_others_go() {
            hold("inventory");
            OutgoingMessage charge = start();
            assertThat(charge.body()).isInstanceOf(ChargePayment.class);
            assertThat(bench.batch(bench.done(charge))).isEmpty();
            assertThat(held()).containsExactly("inventory ACTION 1");
            assertThat(bench.pass(Duration.ofDays(1))).as("its clock stands still").isEmpty();
        }

        @Test
        void keeps_the_first_command_too() {
            hold(null);
            assertThat(bench.batch(bench.request(order), bench.request(order))).isEmpty();
            assertThat(held()).containsExactly("payment ACTION 1");
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
            start();
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
            start();
            pause();
            release(hold, 100);
            assertThat(turn()).isEmpty();
            assertThat(held()).containsExactly("payment ACTION 1");
            resume();
            assertThat(bench.said).hasSize(1);
        }

        @Test
        void still_holds_what_a_resumed_saga_has() {
            hold("payment");
            start();
            pause();
            resume();
            assertThat(bench.said).isEmpty();
            assertThat(held()).containsExactly("payment ACTION 1");
        }

        @Test
        void does_not_let_go_what_another_hold_is_on() {
            long first = hold("payment");
            start();
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
            start();
            assertThat(held()).hasSize(1);
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
    }

    @Test
    void nothing_held_costs_no_statement() {
        OutgoingMessage charge = start();
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

    private OutgoingMessage start() {
        List<OutgoingMessage> said = bench.batch(bench.request(order));
        return said.isEmpty() ? null : said.getFirst();
    }

    /** The refund of an order that is out of stock. */
    private OutgoingMessage unwinding() {
        OutgoingMessage reserve = bench.batch(bench.done(start())).getFirst();
        return bench.batch(bench.refused(reserve)).getFirst();
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
        Result result = wish(deed, UUID.randomUUID());
        assertThat(result).isInstanceOf(Result.Refused.class);
        return ((Result.Refused) result).why();
    }

    private void pause() {
        assertThat(wish(bench.pauses.pause(), UUID.randomUUID())).isInstanceOf(Result.Granted.class);
        assertThat(isPaused()).isTrue();
    }

    private void resume() {
        assertThat(wish(bench.pauses.resume(), UUID.randomUUID())).isInstanceOf(Result.Granted.class);
        assertThat(isPaused()).isFalse();
    }

    private Result wish(Deed deed, UUID requestId) {
        return bench.interventions.grant(new Wish(
                requestId,
                new SagaId(bench.sagaId(order)),
                bench.version(order),
                "olga",
                "Bank is away.",
                deed,
                null));
    }

    private boolean isPaused() {
        return bench.queries.find(bench.sagaId(order)).orElseThrow().saga().clock().isPaused();
    }

    private void granted(OperatorAction action) {
        assertThat(bench.interventions.grant(bench.wish(order, action))).isInstanceOf(Result.Granted.class);
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

    private List<String> held() {
        return bench.jdbc.queryForList(
                "SELECT step || ' ' || direction || ' ' || attempt FROM held_command ORDER BY since, step", String.class);
    }
}
