package io.baton.orchestrator.execution;

import static io.baton.orchestrator.saga.Step.pivot;
import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.MessageHeaders;
import io.baton.contract.OrderId;
import io.baton.contract.SagaStuck;
import io.baton.contract.delivery.ScheduleDelivery;
import io.baton.contract.inventory.ReserveStock;
import io.baton.contract.order.CancelOrder;
import io.baton.contract.order.FulfilOrder;
import io.baton.contract.order.OrderCompleted;
import io.baton.contract.payment.PaymentCharged;
import io.baton.contract.payment.RefundPayment;
import io.baton.messaging.OutgoingMessage;
import io.baton.orchestrator.fulfilment.OrderFulfilment;
import io.baton.orchestrator.saga.OperatorAction;
import io.baton.orchestrator.saga.Reaction;
import io.baton.orchestrator.saga.SagaDefinition;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a definition says is what its sagas do, in whichever process. */
class SagaDefinitionsIT {

    @RegisterExtension
    final OneSaga saga = new OneSaga();

    private final ExecutionBench bench = saga.bench;
    private final OrderId order = saga.order;

    @Nested
    class A_captured_answer {

        @Test
        void reaches_the_compensation_also_in_another_process() {
            bench.use(List.of(OtherDefinitions.capturing(1)));
            OutgoingMessage charge = saga.start();
            OutgoingMessage schedule = bench.batch(bench.reply(charge, "DONE", new PaymentCharged(order, "p-4711")))
                    .getFirst();
            bench.use(List.of(OtherDefinitions.capturing(1)));
            assertThat(bench.batch(bench.refused(schedule)))
                    .extracting(OutgoingMessage::body)
                    .containsExactly(new CancelOrder(order, "ADDRESS_NOT_SERVED", "payment", "p-4711"));
        }

        @Test
        void that_never_came_is_not_made_up() {
            bench.use(List.of(OtherDefinitions.capturing(1)));
            saga.start();
            for (int i = 0; i < 6; i++) {
                bench.pass(Duration.ofSeconds(11));
            }
            assertThat(bench.said.getLast().body()).isEqualTo(new CancelOrder(order, "TIMEOUT", "payment", "unknown"));
        }

        @Test
        void of_another_kind_makes_the_saga_stuck_and_lies_as_a_dead_letter() {
            bench.use(List.of(OtherDefinitions.capturing(1)));
            OutgoingMessage charge = saga.start();
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
                            OtherDefinitions.given(),
                            pivot("delivery", ScheduleDelivery.class, OtherDefinitions::schedule)
                                    .reaches("SCHEDULED")
                                    .onSilence(Reaction.PROBE)),
                    Duration.ofMinutes(10),
                    Duration.ofHours(1))));
            OutgoingMessage schedule = saga.start();
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
            OutgoingMessage charge = saga.start();
            bench.use(List.of(OtherDefinitions.shorter(1)));
            assertThat(bench.batch(bench.done(charge))).isEmpty();
            assertThat(bench.stuck).extracting(SagaStuck::code).containsExactly("DEFINITION_MISSING");

            bench.use(List.of(OrderFulfilment.definition()));
            saga.granted(new OperatorAction.Retry());
            OutgoingMessage again = bench.said.getLast();
            assertThat(again.body()).as("where it was, with the right program").isEqualTo(charge.body());
            assertThat(bench.batch(bench.done(again)).getFirst().body()).isInstanceOf(ReserveStock.class);
        }

        @Test
        void that_was_missing_lets_its_sagas_go_on_once_it_is_there() {
            OutgoingMessage charge = saga.start();
            bench.use(List.of(OtherDefinitions.shorter(1)));
            bench.batch(bench.done(charge));
            assertThat(bench.state(order)).isEqualTo("STUCK");
            for (int minute = 0; minute < 3; minute++) {
                assertThat(bench.pass(Duration.ofMinutes(1))).isEmpty();
            }
            assertThat(bench.stuck).as("it is told of once").hasSize(1);

            bench.use(List.of(OrderFulfilment.definition()));
            assertThat(bench.pass(Duration.ofMinutes(1))).as("it waits on as before").isEmpty();
            assertThat(bench.state(order)).isEqualTo("STARTED");
            assertThat(bench.count("saga_stuck")).isZero();
            assertThat(saga.logged("outcome")).contains("DEFINITION_FOUND");
            assertThat(bench.pass(Duration.ofSeconds(1)))
                    .extracting(OutgoingMessage::body)
                    .containsExactly(charge.body());
            assertThat(bench.batch(bench.done(bench.said.getLast())).getFirst().body()).isInstanceOf(ReserveStock.class);
        }

        @Test
        void that_was_missing_until_the_deadline_has_its_sagas_undone() {
            OutgoingMessage charge = saga.start();
            bench.use(List.of(OtherDefinitions.shorter(1)));
            bench.batch(bench.done(charge));
            bench.pass(Duration.ofDays(2));

            bench.use(List.of(OrderFulfilment.definition()));
            bench.pass(Duration.ofMinutes(1));
            assertThat(bench.pass(Duration.ofSeconds(1)).getFirst().body()).isInstanceOf(RefundPayment.class);
        }

        @Test
        void that_was_missing_lets_a_paused_saga_go_on_once_it_is_resumed() {
            OutgoingMessage charge = saga.start();
            saga.pause();
            bench.use(List.of(OtherDefinitions.shorter(1)));
            bench.batch(bench.done(charge));
            bench.pass(Duration.ofMinutes(1));

            bench.use(List.of(OrderFulfilment.definition()));
            saga.resume();
            bench.pass(Duration.ofMinutes(1));
            assertThat(bench.state(order)).isEqualTo("STARTED");
        }

        @Test
        void may_have_other_bounds_under_the_same_version() {
            OutgoingMessage charge = saga.start();
            bench.use(List.of(OrderFulfilment.definition().withBounds(Duration.ofDays(2), Duration.ofDays(1))));
            assertThat(bench.batch(bench.done(charge))).hasSize(1);
        }

        @Test
        void of_an_older_version_lives_beside_the_newer_one() {
            OutgoingMessage old = saga.start();
            bench.use(List.of(OrderFulfilment.definition(), OtherDefinitions.shorter(2)));
            OrderId other = bench.nextOrder();
            OutgoingMessage young = bench.batch(bench.request(other)).getFirst();
            List<OutgoingMessage> said = bench.batch(bench.done(old), bench.done(young));
            assertThat(said.get(0).body()).isInstanceOf(ReserveStock.class);
            assertThat(said.get(1).body()).as("version 2 reserves nothing").isInstanceOf(ScheduleDelivery.class);
        }
    }
}
