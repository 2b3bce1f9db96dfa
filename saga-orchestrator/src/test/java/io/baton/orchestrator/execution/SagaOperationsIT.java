package io.baton.orchestrator.execution;

import static io.baton.orchestrator.saga.Step.compensable;
import static io.baton.orchestrator.saga.Step.pivot;
import static io.baton.orchestrator.saga.Step.retriable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.CancellationRefused;
import io.baton.contract.CommandFailed;
import io.baton.contract.MessageHeaders;
import io.baton.contract.Money;
import io.baton.contract.OrderId;
import io.baton.contract.SagaId;
import io.baton.contract.SagaStuck;
import io.baton.contract.Topics;
import io.baton.contract.delivery.ScheduleDelivery;
import io.baton.contract.inventory.ReleaseStock;
import io.baton.contract.inventory.ReserveStock;
import io.baton.contract.order.CancelOrder;
import io.baton.contract.order.CompleteOrder;
import io.baton.contract.order.FulfilOrder;
import io.baton.contract.order.OrderCompleted;
import io.baton.contract.payment.ChargePayment;
import io.baton.contract.payment.PaymentCharged;
import io.baton.contract.payment.RefundPayment;
import io.baton.messaging.IncomingMessage;
import io.baton.messaging.OutgoingMessage;
import io.baton.orchestrator.execution.SagaInterventions.Result;
import io.baton.orchestrator.execution.SagaInterventions.Wish;
import io.baton.orchestrator.execution.SagaPreviews.Preview;
import io.baton.orchestrator.fulfilment.OrderFulfilment;
import io.baton.orchestrator.saga.Facts;
import io.baton.orchestrator.saga.OperatorAction;
import io.baton.orchestrator.saga.Reaction;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.Step;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What people do to sagas, and what sagas tell people. */
class SagaOperationsIT {

    private static final Duration LONG = Duration.ofSeconds(40);

    private final ExecutionBench bench = ExecutionBench.pooled();
    private final OrderId order = bench.nextOrder();

    @AfterEach
    void close() {
        bench.close();
    }

    @Nested
    class A_saga_that_gets_stuck {

        @Test
        void is_told_of_by_one_dead_letter() {
            OutgoingMessage refund = failUntilStuck(unwinding());
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
            bench.pass(LONG);
            assertThat(bench.stuck).as("it does not get stuck again by what it knows").hasSize(1);
        }

        @Test
        void is_told_of_again_when_it_gets_stuck_again() {
            failUntilStuck(unwinding());
            granted(new OperatorAction.Retry());
            assertThat(bench.state(order)).isEqualTo("COMPENSATING");
            failUntilStuck(bench.said.getLast());
            assertThat(bench.stuck).extracting(SagaStuck::code)
                    .containsExactly("COMPENSATION_FAILED", "COMPENSATION_FAILED");
            assertThat(bench.counter("saga.became.stuck")).isEqualTo(2);
        }

        @Test
        void by_silence_is_told_of_too() {
            untilDelivery();
            for (int i = 0; i < 6; i++) {
                bench.pass(Duration.ofSeconds(11));
            }
            assertThat(bench.state(order)).isEqualTo("STUCK");
            assertThat(bench.stuck).extracting(SagaStuck::code).containsExactly("OUTCOME_UNKNOWN");
            assertThat(bench.open()).containsExactly(0L, 1L);
        }

        @Test
        void by_a_command_that_its_participant_put_aside_says_so() {
            OutgoingMessage last = unwinding();
            for (int attempt = 1; attempt <= 6; attempt++) {
                bench.batch(bench.reply(last, "FAILED", new CommandFailed("DEAD_LETTERED", "Poison.", 0)));
                List<OutgoingMessage> again = bench.pass(LONG);
                last = again.isEmpty() ? last : again.getFirst();
            }
            assertThat(bench.stuck).extracting(SagaStuck::code).containsExactly("MESSAGE_DEAD_LETTERED");
        }
    }

    @Nested
    class A_reply_that_nobody_waits_for {

        @Test
        void is_kept_and_changes_nothing() {
            OutgoingMessage charge = start();
            bench.batch(bench.done(charge));
            Map<String, Object> before = row();

            IncomingMessage again = bench.done(charge);
            assertThat(bench.batch(again, bench.refused(charge))).isEmpty();
            assertThat(row()).isEqualTo(before);
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
            OutgoingMessage last = untilDelivery();
            last = bench.batch(bench.done(last)).getFirst();
            bench.batch(bench.done(last));
            assertThat(bench.batch(bench.done(last))).isEmpty();
            assertThat(bench.state(order)).isEqualTo("COMPLETED");
            assertThat(bench.count("saga_stale_reply")).isEqualTo(1);
        }
    }

    @Nested
    class A_cancellation {

        @Test
        void at_a_stable_point_undoes_at_once() {
            OutgoingMessage charge = start();
            bench.batch(bench.failed(charge));
            List<OutgoingMessage> said = bench.batch(bench.cancel(order));
            assertThat(said).extracting(OutgoingMessage::body).containsExactly(new RefundPayment(order));
            assertThat(bench.state(order)).isEqualTo("COMPENSATING");
            assertThat(logged("actor")).last().isEqualTo("/order-service");
        }

        @Test
        void waits_for_the_step_that_is_under_way() {
            OutgoingMessage charge = start();
            assertThat(bench.batch(bench.cancel(order))).isEmpty();
            assertThat(bench.state(order)).isEqualTo("STARTED");
            OutgoingMessage refund = bench.batch(bench.done(charge)).getFirst();
            assertThat(refund.body()).isEqualTo(new RefundPayment(order));
            assertThat(bench.batch(bench.done(refund)))
                    .extracting(OutgoingMessage::body)
                    .containsExactly(
                            new CancelOrder(order, "CANCELLED_BY_CUSTOMER", "payment", "Changed my mind."));
        }

        @Test
        void that_comes_twice_is_one() {
            start();
            assertThat(bench.batch(bench.cancel(order), bench.cancel(order))).isEmpty();
            assertThat(bench.batch(bench.cancel(order))).isEmpty();
            assertThat(logged("outcome")).containsExactly("STARTED", "CANCEL");
        }

        @Test
        void after_the_point_of_no_return_is_refused() {
            untilDelivery();
            Map<String, Object> before = row();
            List<OutgoingMessage> said = bench.batch(bench.cancel(order));
            assertThat(said).hasSize(1);
            assertThat(said.getFirst().topic()).isEqualTo(Topics.SAGA_EVENTS);
            assertThat(said.getFirst().key()).isEqualTo(order.toString());
            assertThat(said.getFirst().body())
                    .isEqualTo(new CancellationRefused(
                            "order-fulfilment", "the saga is past its point of no return"));
            assertThat(row()).isEqualTo(before);
        }

        @Test
        void of_no_saga_is_refused() {
            assertThat(bench.batch(bench.cancel(order), bench.cancel(order, "unheard-of")))
                    .extracting(OutgoingMessage::body)
                    .containsExactly(
                            new CancellationRefused("order-fulfilment", "there is no such saga"),
                            new CancellationRefused("unheard-of", "there is no such saga"));
            assertThat(bench.parked).isEmpty();
        }

        @Test
        void in_the_same_batch_as_the_start_is_heeded() {
            OrderId other = bench.nextOrder();
            List<OutgoingMessage> said =
                    bench.batch(bench.request(order), bench.request(other), bench.cancel(order));
            assertThat(said).hasSize(2);
            assertThat(bench.batch(bench.done(said.getFirst())))
                    .extracting(OutgoingMessage::body)
                    .containsExactly(new RefundPayment(order));
            assertThat(bench.batch(bench.done(said.getLast()))).hasOnlyElementsOfType(OutgoingMessage.class)
                    .first()
                    .satisfies(next -> assertThat(next.body()).isInstanceOf(ReserveStock.class));
        }

        @Test
        void of_a_saga_whose_definition_is_gone_is_refused() {
            start();
            bench.use(List.of(capturing(1)));
            assertThat(bench.batch(bench.cancel(order))).hasSize(1).first().satisfies(said -> {
                CancellationRefused refused = (CancellationRefused) said.body();
                assertThat(refused.message()).contains("This program has no 'order-fulfilment' version 1");
            });
            assertThat(bench.state(order)).isEqualTo("STUCK");
            assertThat(bench.stuck).extracting(SagaStuck::code).containsExactly("DEFINITION_MISSING");
        }

        @Test
        void of_a_saga_that_cannot_be_read_says_so() {
            start();
            bench.jdbc.update("UPDATE saga SET trail = '\\x00' WHERE id = ?", bench.sagaId(order));
            assertThat(bench.batch(bench.cancel(order))).hasSize(1).first().satisfies(said -> {
                CancellationRefused refused = (CancellationRefused) said.body();
                assertThat(refused.message()).contains("cannot be read");
            });
        }
    }

    @Nested
    class An_operator {

        @Test
        void retries_a_stuck_saga() {
            failUntilStuck(unwinding());
            int before = bench.said.size();
            granted(new OperatorAction.Retry());
            OutgoingMessage again = bench.said.get(before);
            assertThat(again.body()).isEqualTo(new RefundPayment(order));
            assertThat(again.headers()).containsEntry(MessageHeaders.ATTEMPT, "7");
            assertThat(bench.open()).containsExactly(1L, 0L);
            assertThat(bench.pass(Duration.ofSeconds(11))).as("its timers fire again").hasSize(1);
            assertThat(logged("actor")).contains("olga");
            assertThat(logged("detail")).contains("Asked by phone.");
        }

        @Test
        void is_refused_a_retry_where_nothing_failed() {
            start();
            refused(new OperatorAction.Retry(), "nothing has failed");
        }

        @Test
        void compensates_before_the_point_of_no_return() {
            OutgoingMessage charge = start();
            bench.batch(bench.done(charge));
            granted(new OperatorAction.Compensate());
            assertThat(bench.batch(bench.done(bench.said.getLast())))
                    .extracting(OutgoingMessage::body)
                    .containsExactly(new ReleaseStock(order));
        }

        @Test
        void is_refused_to_compensate_what_may_have_passed_it() {
            untilDelivery();
            refused(new OperatorAction.Compensate(), "step 'delivery' may have happened");
        }

        @Test
        void skips_a_compensation_that_he_has_seen_to() {
            failUntilStuck(unwinding());
            granted(new OperatorAction.Skip("payment"));
            assertThat(bench.said.getLast().body()).isInstanceOf(CancelOrder.class);
            bench.batch(bench.done(bench.said.getLast()));
            assertThat(bench.state(order)).isEqualTo("COMPENSATED");
            bench.pass(Duration.ofSeconds(11));
            assertThat(bench.count("saga_timer")).as("what has ended is forgotten").isZero();
        }

        @Test
        void is_refused_to_skip_what_can_only_be_resolved() {
            untilDelivery();
            for (int i = 0; i < 6; i++) {
                bench.pass(Duration.ofSeconds(11));
            }
            refused(new OperatorAction.Skip("delivery"), "resolve or compensate");
        }

        @Test
        void resolves_what_came_of_the_pivot() {
            untilDelivery();
            for (int i = 0; i < 6; i++) {
                bench.pass(Duration.ofSeconds(11));
            }
            granted(new OperatorAction.Resolve("delivery", true));
            assertThat(bench.state(order)).isEqualTo("DELIVERY_SCHEDULED");
            assertThat(bench.said.getLast().body()).isEqualTo(new CompleteOrder(order));
        }

        @Test
        void is_refused_to_resolve_what_goes_on_by_itself() {
            untilDelivery();
            refused(new OperatorAction.Resolve("delivery", true), "the saga still goes on by itself");
        }

        @Test
        void extends_the_deadline_once_it_is_near() {
            start();
            bench.pass(Duration.ofMinutes(1));
            granted(new OperatorAction.Extend(Duration.ofHours(1)));
            for (int i = 0; i < 5; i++) {
                bench.pass(Duration.ofMinutes(3));
            }
            assertThat(logged("outcome")).contains("EXTENDED").doesNotContain("DEADLINE");
        }

        @Test
        void needs_a_second_one_where_much_is_at_stake() {
            bench.fourEyesAbove = new Money(4_998, "EUR");
            bench.use(List.of(OrderFulfilment.definition()));
            untilDelivery();
            for (int i = 0; i < 6; i++) {
                bench.pass(Duration.ofSeconds(11));
            }
            OperatorAction action = new OperatorAction.Resolve("delivery", true);
            Wish first = bench.wish(order, action);
            Map<String, Object> before = row();
            assertThat(bench.interventions.grant(first)).isEqualTo(new Result.Proposed());
            assertThat(bench.interventions.grant(by("olga", first, action))).isEqualTo(new Result.SecondPersonNeeded());
            assertThat(bench.interventions.grant(by("otto", first, new OperatorAction.Resolve("delivery", false))))
                    .as("the second one wants something else")
                    .isEqualTo(new Result.Proposed());
            assertThat(row()).isEqualTo(before);

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
            untilDelivery();
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
            failUntilStuck(unwinding());
            Wish wish = bench.wish(order, new OperatorAction.Retry());
            granted(new OperatorAction.Skip("payment"));
            Map<String, Object> before = row();
            assertThat(bench.interventions.grant(wish))
                    .isEqualTo(new Result.Outdated(wish.expectedVersion() + 1));
            assertThat(row()).isEqualTo(before);
        }

        @Test
        void who_asks_twice_under_one_request_id_is_granted_once() {
            failUntilStuck(unwinding());
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
            failUntilStuck(unwinding());
            Wish wish = bench.wish(order, new OperatorAction.Resolve("payment", true));
            assertThat(bench.interventions.grant(wish)).isInstanceOf(Result.Granted.class);
            Map<String, Object> before = row();
            for (Wish other : List.of(
                    new Wish(wish.requestId(), wish.sagaId(), wish.expectedVersion(), "otto", wish.reason(),
                            new OperatorAction.Resolve("payment", true)),
                    new Wish(wish.requestId(), wish.sagaId(), wish.expectedVersion(), wish.actor(), wish.reason(),
                            new OperatorAction.Resolve("payment", false)))) {
                assertThat(bench.interventions.grant(other)).isEqualTo(new Result.Refused(OperatorAudit.USED));
            }
            assertThat(row()).isEqualTo(before);
            assertThat(bench.jdbc.queryForList("SELECT actor || ' ' || result FROM operator_audit ORDER BY id",
                            String.class))
                    .containsExactly("olga GRANTED", "otto REFUSED", "olga REFUSED");
        }

        @Test
        void whose_wish_comes_by_two_ways_at_once_is_granted_once() throws Exception {
            failUntilStuck(unwinding());
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
            failUntilStuck(unwinding());
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
            failUntilStuck(unwinding());
            Wish wish = bench.wish(order, new OperatorAction.Retry());
            Map<String, Object> before = row();
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
            assertThat(row()).isEqualTo(before);
            assertThat(bench.said).hasSize(said);
        }

        @Test
        void is_told_of_a_saga_that_there_is_not() {
            Wish wish = new Wish(UUID.randomUUID(), new SagaId(1), 1, "olga", "Why not.", new OperatorAction.Retry());
            assertThat(bench.interventions.grant(wish)).isEqualTo(new Result.NoSuchSaga());
        }

        @Test
        void is_refused_what_this_program_has_no_definition_for() {
            bench.batch(bench.failed(start()));
            Map<String, Object> before = row();
            bench.use(List.of(capturing(1)));
            refused(new OperatorAction.Retry(), "This program has no 'order-fulfilment' version 1");
            assertThat(row()).isEqualTo(before);
            assertThat(bench.jdbc.queryForList("SELECT result FROM operator_audit", String.class))
                    .containsExactly("REFUSED");
        }

        @Test
        void is_refused_what_cannot_be_made_of_the_sagas_data() {
            bench.batch(bench.failed(start()));
            bench.jdbc.update("UPDATE saga_data SET body = '\\x00' WHERE id = ?", bench.sagaId(order));
            refused(new OperatorAction.Retry(), "cannot be handled by this program");
            assertThat(bench.jdbc.queryForList("SELECT result FROM operator_audit", String.class))
                    .containsExactly("REFUSED");
        }
    }

    @Nested
    class A_captured_answer {

        @Test
        void reaches_the_compensation_also_in_another_process() {
            bench.use(List.of(capturing(1)));
            OutgoingMessage charge = start();
            OutgoingMessage schedule = bench.batch(bench.reply(charge, "DONE", new PaymentCharged(order, "p-4711")))
                    .getFirst();
            bench.use(List.of(capturing(1)));
            assertThat(bench.batch(bench.refused(schedule)))
                    .extracting(OutgoingMessage::body)
                    .containsExactly(new CancelOrder(order, "ADDRESS_NOT_SERVED", "payment", "p-4711"));
        }

        @Test
        void that_never_came_is_not_made_up() {
            bench.use(List.of(capturing(1)));
            start();
            for (int i = 0; i < 6; i++) {
                bench.pass(Duration.ofSeconds(11));
            }
            assertThat(bench.said.getLast().body()).isEqualTo(new CancelOrder(order, "TIMEOUT", "payment", "unknown"));
        }

        @Test
        void of_another_kind_makes_the_saga_stuck_and_lies_as_a_dead_letter() {
            bench.use(List.of(capturing(1)));
            OutgoingMessage charge = start();
            bench.batch(bench.reply(charge, "DONE", new OrderCompleted(order)));
            assertThat(bench.state(order)).isEqualTo("STUCK");
            assertThat(bench.stuck).extracting(SagaStuck::code).containsExactly("MESSAGE_DEAD_LETTERED");
            assertThat(bench.parked).hasSize(1).first().asString().contains("PaymentCharged", "OrderCompleted");
            assertThat(bench.batch(bench.reply(charge, "DONE", new PaymentCharged(order, "p-1"))))
                    .as("the right answer heals it")
                    .hasSize(1);
        }
    }

    @Nested
    class A_probe {

        @Test
        void asks_where_the_definition_wants_silence_met_with_a_question() {
            bench.use(List.of(new SagaDefinition<>(
                    "probing",
                    1,
                    FulfilOrder.class,
                    o -> o.orderId().value(),
                    List.of(
                            given(),
                            pivot("delivery", ScheduleDelivery.class, SagaOperationsIT::schedule)
                                    .reaches("SCHEDULED")
                                    .onSilence(Reaction.PROBE)),
                    Duration.ofMinutes(10),
                    Duration.ofHours(1))));
            OutgoingMessage schedule = start();
            assertThat(schedule.headers()).doesNotContainKey(MessageHeaders.PROBE);
            OutgoingMessage probe = bench.pass(Duration.ofSeconds(11)).getFirst();
            assertThat(probe.body()).isEqualTo(schedule.body());
            assertThat(probe.headers())
                    .containsEntry(MessageHeaders.PROBE, "true")
                    .containsEntry(MessageHeaders.ATTEMPT, "2");
            bench.batch(bench.done(probe));
            assertThat(bench.state(order)).isEqualTo("COMPLETED");
        }
    }

    @Nested
    class A_definition {

        @Test
        void that_does_something_else_under_the_same_version_is_not_this_sagas() {
            OutgoingMessage charge = start();
            bench.use(List.of(shorter(1)));
            assertThat(bench.batch(bench.done(charge))).isEmpty();
            assertThat(bench.stuck).extracting(SagaStuck::code).containsExactly("DEFINITION_MISSING");

            bench.use(List.of(OrderFulfilment.definition()));
            granted(new OperatorAction.Retry());
            OutgoingMessage again = bench.said.getLast();
            assertThat(again.body()).as("where it was, with the right program").isEqualTo(charge.body());
            assertThat(bench.batch(bench.done(again)).getFirst().body()).isInstanceOf(ReserveStock.class);
        }

        @Test
        void may_have_other_bounds_under_the_same_version() {
            OutgoingMessage charge = start();
            bench.use(List.of(OrderFulfilment.definition().withBounds(Duration.ofDays(2), Duration.ofDays(1))));
            assertThat(bench.batch(bench.done(charge))).hasSize(1);
        }

        @Test
        void of_an_older_version_lives_beside_the_newer_one() {
            OutgoingMessage old = start();
            bench.use(List.of(OrderFulfilment.definition(), shorter(2)));
            OrderId other = bench.nextOrder();
            OutgoingMessage young = bench.batch(bench.request(other)).getFirst();
            List<OutgoingMessage> said = bench.batch(bench.done(old), bench.done(young));
            assertThat(said.get(0).body()).isInstanceOf(ReserveStock.class);
            assertThat(said.get(1).body()).as("version 2 reserves nothing").isInstanceOf(ScheduleDelivery.class);
        }
    }

    private OutgoingMessage start() {
        return bench.batch(bench.request(order)).getFirst();
    }

    private OutgoingMessage untilDelivery() {
        OutgoingMessage last = start();
        last = bench.batch(bench.done(last)).getFirst();
        return bench.batch(bench.done(last)).getFirst();
    }

    /** The refund of an order that is out of stock. */
    private OutgoingMessage unwinding() {
        OutgoingMessage reserve = bench.batch(bench.done(start())).getFirst();
        return bench.batch(bench.refused(reserve)).getFirst();
    }

    /** Lets all attempts fail, and returns the last. */
    private OutgoingMessage failUntilStuck(OutgoingMessage command) {
        OutgoingMessage last = command;
        for (int attempt = 1; attempt <= 6; attempt++) {
            bench.batch(bench.failed(last));
            List<OutgoingMessage> again = bench.pass(LONG);
            last = again.isEmpty() ? last : again.getFirst();
        }
        assertThat(bench.state(order)).isEqualTo("STUCK");
        return last;
    }

    private void granted(OperatorAction action) {
        Wish wish = bench.wish(order, action);
        int said = bench.said.size();
        Preview preview = bench.previews.of(
                bench.queries.find(bench.sagaId(order)).orElseThrow().saga(), wish.deed(), bench.now);
        Result result = bench.interventions.grant(wish);
        assertThat(result).isEqualTo(new Result.Granted(wish.expectedVersion() + 1));
        ExecutionBench.assertForetold(preview, result, bench.said.subList(said, bench.said.size()));
    }

    private void refused(OperatorAction action, String why) {
        Map<String, Object> before = row();
        Result result = bench.interventions.grant(bench.wish(order, action));
        assertThat(result).isInstanceOfSatisfying(
                Result.Refused.class, refused -> assertThat(refused.why()).contains(why));
        assertThat(row()).isEqualTo(before);
    }

    private Map<String, Object> row() {
        Map<String, Object> row = bench.jdbc.queryForMap("SELECT * FROM saga WHERE id = ?", bench.sagaId(order));
        row.remove("trail");
        return row;
    }

    private List<String> logged(String column) {
        return bench.jdbc.queryForList(
                "SELECT " + column + " FROM saga_log WHERE saga_id = ? ORDER BY seq",
                String.class,
                bench.sagaId(order));
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

    private static Step<FulfilOrder> given() {
        return Step.<FulfilOrder>given("order").reaches("STARTED").compensation(
                CancelOrder.class,
                (data, why) -> new CancelOrder(data.orderId(), why.code(), why.step(), why.message()));
    }

    /** The refund names the payment that the charge answered with. */
    private static SagaDefinition<FulfilOrder> capturing(int version) {
        return new SagaDefinition<>(
                "capturing",
                version,
                FulfilOrder.class,
                o -> o.orderId().value(),
                List.of(
                        compensable("payment", ChargePayment.class, SagaOperationsIT::charge)
                                .reaches("PAID")
                                .compensation(
                                        CancelOrder.class,
                                        PaymentCharged.class,
                                        (data, why, charged) -> new CancelOrder(
                                                data.orderId(),
                                                why.code(),
                                                "payment",
                                                charged == null ? "unknown" : charged.paymentId())),
                        pivot("delivery", ScheduleDelivery.class, SagaOperationsIT::schedule)
                                .reaches("SCHEDULED")),
                Duration.ofMinutes(10),
                Duration.ofHours(1));
    }

    /** Order fulfilment without stock. */
    private static SagaDefinition<FulfilOrder> shorter(int version) {
        return new SagaDefinition<>(
                "order-fulfilment",
                version,
                FulfilOrder.class,
                o -> o.orderId().value(),
                List.of(
                        given(),
                        compensable("payment", ChargePayment.class, SagaOperationsIT::charge)
                                .reaches("PAYMENT_COMPLETED")
                                .compensation(RefundPayment.class, (data, why) -> new RefundPayment(data.orderId())),
                        pivot("delivery", ScheduleDelivery.class, SagaOperationsIT::schedule)
                                .reaches("DELIVERY_SCHEDULED"),
                        retriable("completion", CompleteOrder.class,
                                        (FulfilOrder data) -> new CompleteOrder(data.orderId()))
                                .reaches("COMPLETED")),
                Duration.ofMinutes(10),
                Duration.ofHours(1));
    }

    private static ChargePayment charge(FulfilOrder data) {
        return new ChargePayment(
                data.orderId(), data.customerId(), data.total(), data.paymentMethod(), data.cardToken());
    }

    private static ScheduleDelivery schedule(FulfilOrder data) {
        return new ScheduleDelivery(data.orderId(), data.deliveryAddress());
    }
}
