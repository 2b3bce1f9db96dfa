package io.baton.orchestrator.execution;

import static io.baton.orchestrator.saga.Step.compensable;
import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.MessageType;
import io.baton.contract.OrderId;
import io.baton.contract.order.FulfilOrder;
import io.baton.messaging.OutgoingMessage;
import io.baton.orchestrator.fulfilment.OrderFulfilment;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A new version of a definition, with a step inserted in the middle, is deployed over sagas that wait at every step of the
 * old one, forward and backward: each ends by the version with which it began.
 */
class NewVersionIT {

    private static final List<String> OLD =
            List.of("ChargePayment", "ReserveStock", "ScheduleDelivery", "CompleteOrder");
    private static final List<String> NEW =
            List.of("ChargePayment", "ScreenOrder", "ReserveStock", "ScheduleDelivery", "CompleteOrder");
    private static final List<String> OLD_UNDONE = List.of("ReleaseStock", "RefundPayment", "CancelOrder");
    private static final List<String> NEW_UNDONE =
            List.of("ReleaseStock", "ForgetOrder", "RefundPayment", "CancelOrder");

    /** Looks whether a fraud is likely. */
    private record ScreenOrder(OrderId orderId) {}

    /** Removes what was noted about the order. */
    private record ForgetOrder(OrderId orderId) {}

    private final ExecutionBench bench = new ExecutionBench();

    @BeforeEach
    void know_what_the_new_step_says() {
        bench.know(List.of(
                new MessageType("screening.ScreenOrder", ScreenOrder.class, Set.of("screening.commands")),
                new MessageType("screening.ForgetOrder", ForgetOrder.class, Set.of("screening.commands"))));
    }

    @Test
    void sagas_that_wait_at_each_step_end_by_the_version_with_which_they_began() {
        Map<OutgoingMessage, List<String>> waiting = new LinkedHashMap<>();
        for (int done = 0; done < OLD.size(); done++) {
            waiting.put(forward(done), OLD.subList(done, OLD.size()));
        }
        Map<OutgoingMessage, List<String>> turnedBack = new LinkedHashMap<>();
        for (int undone = 0; undone < OLD_UNDONE.size(); undone++) {
            turnedBack.put(backward(undone), OLD_UNDONE.subList(undone, OLD_UNDONE.size()));
        }

        bench.use(List.of(OrderFulfilment.definition(), withScreening()));

        waiting.forEach((command, rest) -> {
            assertThat(toTheEnd(command)).isEqualTo(rest);
            assertThat(bench.state(order(command))).isEqualTo("COMPLETED");
        });
        turnedBack.forEach((command, rest) -> {
            assertThat(toTheEnd(command)).isEqualTo(rest);
            assertThat(bench.state(order(command))).isEqualTo("COMPENSATED");
        });
        assertThat(versions()).containsOnly(1);
    }

    @Test
    void sagas_that_wait_at_each_step_turn_back_by_the_version_with_which_they_began() {
        List<OutgoingMessage> waiting = List.of(forward(0), forward(1), forward(2));
        bench.use(List.of(OrderFulfilment.definition(), withScreening()));
        for (int done = 0; done < waiting.size(); done++) {
            OutgoingMessage undo = bench.batch(bench.refused(waiting.get(done))).getFirst();
            assertThat(toTheEnd(undo)).isEqualTo(OLD_UNDONE.subList(OLD_UNDONE.size() - 1 - done, OLD_UNDONE.size()));
            assertThat(bench.state(order(undo))).isEqualTo("COMPENSATED");
        }
    }

    @Test
    void what_nobody_answered_before_the_deployment_is_sent_again_by_the_old_version() {
        List<OutgoingMessage> waiting = List.of(forward(0), forward(1), forward(2), forward(3));
        bench.use(List.of(OrderFulfilment.definition(), withScreening()));
        List<OutgoingMessage> again = bench.pass(Duration.ofSeconds(11));
        assertThat(again.stream().map(NewVersionIT::name)).containsExactlyInAnyOrderElementsOf(OLD);
        assertThat(again).extracting(OutgoingMessage::body)
                .containsExactlyInAnyOrderElementsOf(waiting.stream().map(OutgoingMessage::body).toList());
    }

    @Test
    void sagas_that_begin_after_the_deployment_are_of_the_new_version() {
        bench.use(List.of(OrderFulfilment.definition(), withScreening()));
        assertThat(toTheEnd(forward(0))).isEqualTo(NEW);
        assertThat(toTheEnd(bench.batch(bench.refused(forward(3))).getFirst())).isEqualTo(NEW_UNDONE);
        assertThat(versions()).containsOnly(2);
    }

    private static SagaDefinition<FulfilOrder> withScreening() {
        SagaDefinition<FulfilOrder> old = OrderFulfilment.definition();
        List<Stage<FulfilOrder>> stages = new ArrayList<>(old.stages());
        stages.add(
                2,
                compensable("screening", ScreenOrder.class, (FulfilOrder order) -> new ScreenOrder(order.orderId()))
                        .reaches("SCREENED")
                        .compensation(ForgetOrder.class, (order, why) -> new ForgetOrder(order.orderId())));
        return new SagaDefinition<>(
                old.name(), 2, old.dataType(), old.businessKey(), stages, old.deadline(), old.commandExpiry());
    }

    /** What a new saga waits for when so many of its steps are done. */
    private OutgoingMessage forward(int done) {
        OutgoingMessage last = bench.batch(bench.request(bench.nextOrder())).getFirst();
        for (int i = 0; i < done; i++) {
            last = bench.batch(bench.done(last)).getFirst();
        }
        return last;
    }

    /** What a saga waits for whose delivery was refused, when so many of its steps are undone. */
    private OutgoingMessage backward(int undone) {
        OutgoingMessage last = bench.batch(bench.refused(forward(2))).getFirst();
        for (int i = 0; i < undone; i++) {
            last = bench.batch(bench.done(last)).getFirst();
        }
        return last;
    }

    /** Says yes to this command and to all that follow, and returns their names. */
    private List<String> toTheEnd(OutgoingMessage command) {
        List<String> names = new ArrayList<>();
        List<OutgoingMessage> next = List.of(command);
        while (!next.isEmpty()) {
            assertThat(next).hasSize(1);
            names.add(name(next.getFirst()));
            next = bench.batch(bench.done(next.getFirst()));
        }
        return names;
    }

    private List<Integer> versions() {
        return bench.jdbc.queryForList("SELECT definition_version FROM saga_data", Integer.class);
    }

    private static OrderId order(OutgoingMessage command) {
        return OrderId.parse(command.key());
    }

    private static String name(OutgoingMessage command) {
        return command.body().getClass().getSimpleName();
    }
}
