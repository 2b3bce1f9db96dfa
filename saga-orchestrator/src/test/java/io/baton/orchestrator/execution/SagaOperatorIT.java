package io.baton.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.MessageHeaders;
import io.baton.contract.Money;
import io.baton.contract.OrderId;
import io.baton.contract.SagaId;
import io.baton.contract.inventory.ReleaseStock;
import io.baton.contract.order.CancelOrder;
import io.baton.contract.order.CompleteOrder;
import io.baton.contract.order.FulfilOrder;
import io.baton.contract.payment.RefundPayment;
import io.baton.messaging.OutgoingMessage;
import io.baton.orchestrator.execution.SagaInterventions.Result;
import io.baton.orchestrator.execution.SagaInterventions.Wish;
import io.baton.orchestrator.fulfilment.OrderFulfilment;
import io.baton.orchestrator.saga.Facts;
import io.baton.orchestrator.saga.OperatorAction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An operator, who acts on a saga. */
class SagaOperatorIT {

    @RegisterExtension
    final OneSaga saga = new OneSaga();

    private final ExecutionBench bench = saga.bench;
    private final OrderId order = saga.order;

    @Test
    void retries_a_stuck_saga() {
        saga.failUntilStuck(saga.unwinding());
        int before = bench.said.size();
        saga.granted(new OperatorAction.Retry());
        OutgoingMessage again = bench.said.get(before);
        assertThat(again.body()).isEqualTo(new RefundPayment(order));
        assertThat(again.headers()).containsEntry(MessageHeaders.ATTEMPT, "7");
        assertThat(bench.open()).containsExactly(1L, 0L);
        assertThat(bench.pass(Duration.ofSeconds(11))).as("its timers fire again").hasSize(1);
        assertThat(saga.logged("actor")).contains("olga");
        assertThat(saga.logged("detail")).contains("Asked by phone.");
    }

    @Test
    void is_refused_a_retry_where_nothing_failed() {
        saga.start();
        saga.refused(new OperatorAction.Retry(), "nothing has failed");
    }

    @Test
    void compensates_before_the_point_of_no_return() {
        OutgoingMessage charge = saga.start();
        bench.batch(bench.done(charge));
        saga.granted(new OperatorAction.Compensate());
        assertThat(bench.batch(bench.done(bench.said.getLast())))
                .extracting(OutgoingMessage::body)
                .containsExactly(new ReleaseStock(order));
    }

    @Test
    void is_refused_to_compensate_what_may_have_passed_it() {
        saga.untilDelivery();
        saga.refused(new OperatorAction.Compensate(), "step 'delivery' may have happened");
    }

    @Test
    void skips_a_compensation_that_he_has_seen_to() {
        saga.failUntilStuck(saga.unwinding());
        saga.granted(new OperatorAction.Skip("payment"));
        assertThat(bench.said.getLast().body()).isInstanceOf(CancelOrder.class);
        bench.batch(bench.done(bench.said.getLast()));
        assertThat(bench.state(order)).isEqualTo("COMPENSATED");
        bench.pass(Duration.ofSeconds(11));
        assertThat(bench.count("saga_timer")).as("what has ended is forgotten").isZero();
    }

    @Test
    void is_refused_to_skip_what_can_only_be_resolved() {
        saga.untilDelivery();
        for (int i = 0; i < 6; i++) {
            bench.pass(Duration.ofSeconds(11));
        }
        saga.refused(new OperatorAction.Skip("delivery"), "resolve or compensate");
    }

    @Test
    void resolves_what_came_of_the_pivot() {
        saga.untilDelivery();
        for (int i = 0; i < 6; i++) {
            bench.pass(Duration.ofSeconds(11));
        }
        saga.granted(new OperatorAction.Resolve("delivery", true));
        assertThat(bench.state(order)).isEqualTo("DELIVERY_SCHEDULED");
        assertThat(bench.said.getLast().body()).isEqualTo(new CompleteOrder(order));
    }

    @Test
    void is_refused_to_resolve_what_goes_on_by_itself() {
        saga.untilDelivery();
        saga.refused(new OperatorAction.Resolve("delivery", true), "the saga still goes on by itself");
    }

    @Test
    void extends_the_deadline_once_it_is_near() {
        saga.start();
        bench.pass(Duration.ofMinutes(1));
        saga.granted(new OperatorAction.Extend(Duration.ofHours(1)));
        for (int i = 0; i < 5; i++) {
            bench.pass(Duration.ofMinutes(3));
        }
        assertThat(saga.logged("outcome")).contains("EXTENDED").doesNotContain("DEADLINE");
    }

    @Test
    void needs_a_second_one_where_much_is_at_stake() {
        bench.fourEyesAbove = new Money(4_998, "EUR");
        bench.use(List.of(OrderFulfilment.definition()));
        saga.untilDelivery();
        for (int i = 0; i < 6; i++) {
            bench.pass(Duration.ofSeconds(11));
        }
        OperatorAction action = new OperatorAction.Resolve("delivery", true);
        Wish first = bench.wish(order, action);
        Map<String, Object> before = saga.row();
        assertThat(bench.interventions.grant(first)).isEqualTo(new Result.Proposed());
        assertThat(bench.interventions.grant(by("olga", first, action))).isEqualTo(new Result.SecondPersonNeeded());
        assertThat(bench.interventions.grant(by("otto", first, new OperatorAction.Resolve("delivery", false))))
                .as("the second one wants something else")
                .isEqualTo(new Result.Proposed());
        assertThat(saga.row()).isEqualTo(before);

        assertThat(bench.interventions.grant(by("otto", first, action)))
                .isEqualTo(new Result.Granted(first.expectedVersion() + 1));
        assertThat(bench.said.getLast().body()).isEqualTo(new CompleteOrder(order));
        assertThat(bench.jdbc.queryForList("SELECT actor || ' ' || result FROM operator_audit ORDER BY id",
                        String.class))
                .containsExactly("olga PROPOSED", "olga SECOND_PERSON_NEEDED", "otto PROPOSED", "otto GRANTED");
    }

    @Test
    void needs_a_second_one_where_nobody_knows_what_is_at_stake() {
        bench.fourEyesAbove = new Money(1_000_000, "EUR");
        bench.use(List.of(OrderFulfilment.definition()
                .withFacts(new Facts<>(FulfilOrder::customerId, _ -> null, Set.of()))));
        saga.untilDelivery();
        for (int i = 0; i < 6; i++) {
            bench.pass(Duration.ofSeconds(11));
        }
        Wish wish = bench.wish(order, new OperatorAction.Resolve("delivery", true));
        assertThat(bench.interventions.grant(wish)).isEqualTo(new Result.Proposed());
    }

    private Wish by(String actor, Wish wish, OperatorAction action) {
        return new Wish(
                UUID.randomUUID(), wish.sagaId(), wish.expectedVersion(), actor, "Seen by two.", action);
    }

    @Test
    void who_saw_an_older_saga_is_told_which_version_it_has() {
        saga.failUntilStuck(saga.unwinding());
        Wish wish = bench.wish(order, new OperatorAction.Retry());
        saga.granted(new OperatorAction.Skip("payment"));
        Map<String, Object> before = saga.row();
        assertThat(bench.interventions.grant(wish))
                .isEqualTo(new Result.Outdated(wish.expectedVersion() + 1));
        assertThat(saga.row()).isEqualTo(before);
    }

    @Test
    void who_asks_twice_under_one_request_id_is_granted_once() {
        saga.failUntilStuck(saga.unwinding());
        Wish wish = bench.wish(order, new OperatorAction.Retry());
        Result first = bench.interventions.grant(wish);
        int said = bench.said.size();
        assertThat(first).isEqualTo(new Result.Granted(wish.expectedVersion() + 1));
        assertThat(bench.interventions.grant(wish)).isEqualTo(new Result.Repeated(wish.expectedVersion() + 1));
        assertThat(bench.said).hasSize(said);
        assertThat(bench.jdbc.queryForList("SELECT * FROM operator_audit"))
                .hasSize(1)
                .first()
                .satisfies(kept -> assertThat(kept)
                        .containsEntry("request_id", wish.requestId())
                        .containsEntry("actor", "olga")
                        .containsEntry("action", "retry")
                        .containsEntry("result", "GRANTED")
                        .containsEntry("version_before", wish.expectedVersion())
                        .containsEntry("version_after", wish.expectedVersion() + 1));
    }

    @Test
    void who_asks_under_the_request_id_of_another_wish_is_refused_and_that_is_kept() {
        saga.failUntilStuck(saga.unwinding());
        Wish wish = bench.wish(order, new OperatorAction.Resolve("payment", true));
        assertThat(bench.interventions.grant(wish)).isInstanceOf(Result.Granted.class);
        Map<String, Object> before = saga.row();
        for (Wish other : List.of(
                new Wish(wish.requestId(), wish.sagaId(), wish.expectedVersion(), "otto", wish.reason(),
                        new OperatorAction.Resolve("payment", true)),
                new Wish(wish.requestId(), wish.sagaId(), wish.expectedVersion(), wish.actor(), wish.reason(),
                        new OperatorAction.Resolve("payment", false)))) {
            assertThat(bench.interventions.grant(other)).isEqualTo(new Result.Refused(OperatorAudit.USED));
        }
        assertThat(saga.row()).isEqualTo(before);
        assertThat(bench.jdbc.queryForList("SELECT actor || ' ' || result FROM operator_audit ORDER BY id",
                        String.class))
                .containsExactly("olga GRANTED", "otto REFUSED", "olga REFUSED");
    }

    @Test
    void whose_wish_comes_by_two_ways_at_once_is_granted_once() throws Exception {
        saga.failUntilStuck(saga.unwinding());
        Wish wish = bench.wish(order, new OperatorAction.Retry());
        int said = bench.said.size();
        CyclicBarrier barrier = new CyclicBarrier(2);
        List<CompletableFuture<Result>> both = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            both.add(CompletableFuture.supplyAsync(() -> {
                try {
                    barrier.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                return bench.interventions.grant(wish);
            }));
        }
        assertThat(List.of(both.getFirst().get(), both.getLast().get()))
                .containsExactlyInAnyOrder(
                        new Result.Granted(wish.expectedVersion() + 1),
                        new Result.Repeated(wish.expectedVersion() + 1));
        assertThat(bench.said).hasSize(said + 1);
    }

    @Test
    void cannot_use_a_request_id_for_another_saga() {
        saga.failUntilStuck(saga.unwinding());
        Wish used = bench.wish(order, new OperatorAction.Retry());
        bench.interventions.grant(used);
        OrderId other = bench.nextOrder();
        bench.batch(bench.failed(bench.batch(bench.request(other)).getFirst()));
        Wish wish = bench.wish(other, new OperatorAction.Compensate());
        Wish again = new Wish(used.requestId(), wish.sagaId(), wish.expectedVersion(), "olga", "Again.",
                ((Deed.Move) wish.deed()).action());
        assertThat(bench.interventions.grant(again)).isInstanceOf(Result.Refused.class);
        assertThat(bench.state(other)).isEqualTo("STARTED");
    }

    @Test
    void cannot_use_a_request_id_for_two_sagas_at_once() throws Exception {
        saga.failUntilStuck(saga.unwinding());
        Wish wish = bench.wish(order, new OperatorAction.Retry());
        Map<String, Object> before = saga.row();
        int said = bench.said.size();
        try (Connection elsewhere = Objects.requireNonNull(bench.jdbc.getDataSource()).getConnection()) {
            elsewhere.setAutoCommit(false);
            insertIntervention(elsewhere, wish.requestId());
            CompletableFuture<Result> asked =
                    CompletableFuture.supplyAsync(() -> bench.interventions.grant(wish));
            await().until(() -> waitsForALock() || asked.isDone());
            elsewhere.commit();
            assertThat(asked.get()).isInstanceOf(Result.Refused.class);
        }
        assertThat(saga.row()).isEqualTo(before);
        assertThat(bench.said).hasSize(said);
    }

    @Test
    void is_told_of_a_saga_that_there_is_not() {
        Wish wish = new Wish(UUID.randomUUID(), new SagaId(1), 1, "olga", "Why not.", new OperatorAction.Retry());
        assertThat(bench.interventions.grant(wish)).isEqualTo(new Result.NoSuchSaga());
    }

    @Test
    void is_refused_what_this_program_has_no_definition_for() {
        bench.batch(bench.failed(saga.start()));
        Map<String, Object> before = saga.row();
        bench.use(List.of(OtherDefinitions.capturing(1)));
        saga.refused(new OperatorAction.Retry(), "This program has no 'order-fulfilment' version 1");
        assertThat(saga.row()).isEqualTo(before);
        assertThat(bench.jdbc.queryForList("SELECT result FROM operator_audit", String.class))
                .containsExactly("REFUSED");
    }

    @Test
    void is_refused_what_cannot_be_made_of_the_sagas_data() {
        bench.batch(bench.failed(saga.start()));
        bench.jdbc.update("UPDATE saga_data SET body = '\\x00' WHERE id = ?", bench.sagaId(order));
        saga.refused(new OperatorAction.Retry(), "cannot be handled by this program");
        assertThat(bench.jdbc.queryForList("SELECT result FROM operator_audit", String.class))
                .containsExactly("REFUSED");
    }

    private static void insertIntervention(Connection connection, UUID requestId) throws Exception {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO operator_audit (request_id, "
                + "saga_id, at, actor, reason, action, result) "
                + "VALUES (?, 1, now(), 'otto', 'Elsewhere.', 'retry', 'GRANTED')")) {
            insert.setObject(1, requestId);
            insert.executeUpdate();
        }
    }

    private boolean waitsForALock() {
        return Boolean.TRUE.equals(bench.jdbc.queryForObject(
                "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() "
                        + "AND wait_event_type = 'Lock')",
                Boolean.class));
    }
}
