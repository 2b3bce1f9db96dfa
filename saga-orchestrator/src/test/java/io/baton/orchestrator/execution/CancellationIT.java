package io.baton.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.CancellationRefused;
import io.baton.contract.OrderId;
import io.baton.contract.SagaStuck;
import io.baton.contract.Topics;
import io.baton.contract.inventory.ReserveStock;
import io.baton.contract.order.CancelOrder;
import io.baton.contract.payment.RefundPayment;
import io.baton.messaging.OutgoingMessage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A wish to cancel an order whose saga is under way. */
class CancellationIT {

    @RegisterExtension
    final OneSaga saga = new OneSaga();

    private final ExecutionBench bench = saga.bench;
    private final OrderId order = saga.order;

    @Test
    void at_a_stable_point_undoes_at_once() {
        OutgoingMessage charge = saga.start();
        bench.batch(bench.failed(charge));
        List<OutgoingMessage> said = bench.batch(bench.cancel(order));
        assertThat(said).extracting(OutgoingMessage::body).containsExactly(new RefundPayment(order));
        assertThat(bench.state(order)).isEqualTo("COMPENSATING");
        assertThat(saga.logged("actor")).last().isEqualTo("/order-service");
    }

    @Test
    void waits_for_the_step_that_is_under_way() {
        OutgoingMessage charge = saga.start();
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
        saga.start();
        assertThat(bench.batch(bench.cancel(order), bench.cancel(order))).isEmpty();
        assertThat(bench.batch(bench.cancel(order))).isEmpty();
        assertThat(saga.logged("outcome")).containsExactly("STARTED", "CANCEL");
    }

    @Test
    void after_the_point_of_no_return_is_refused() {
        saga.untilDelivery();
        Map<String, Object> before = saga.row();
        List<OutgoingMessage> said = bench.batch(bench.cancel(order));
        assertThat(said).hasSize(1);
        assertThat(said.getFirst().topic()).isEqualTo(Topics.SAGA_EVENTS);
        assertThat(said.getFirst().key()).isEqualTo(order.toString());
        assertThat(said.getFirst().body())
                .isEqualTo(new CancellationRefused(
                        "order-fulfilment", "the saga is past its point of no return"));
        assertThat(saga.row()).isEqualTo(before);
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
        saga.start();
        bench.use(List.of(OtherDefinitions.capturing(1)));
        assertThat(bench.batch(bench.cancel(order))).hasSize(1).first().satisfies(said -> {
            CancellationRefused refused = (CancellationRefused) said.body();
            assertThat(refused.message()).contains("This program has no 'order-fulfilment' version 1");
        });
        assertThat(bench.state(order)).isEqualTo("STUCK");
        assertThat(bench.stuck).extracting(SagaStuck::code).containsExactly("DEFINITION_MISSING");
    }

    @Test
    void of_a_saga_that_cannot_be_read_says_so() {
        saga.start();
        bench.jdbc.update("UPDATE saga SET trail = '\\x00' WHERE id = ?", bench.sagaId(order));
        assertThat(bench.batch(bench.cancel(order))).hasSize(1).first().satisfies(said -> {
            CancellationRefused refused = (CancellationRefused) said.body();
            assertThat(refused.message()).contains("cannot be read");
        });
    }
}
