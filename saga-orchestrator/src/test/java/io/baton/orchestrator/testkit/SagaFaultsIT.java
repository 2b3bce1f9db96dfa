package io.baton.orchestrator.testkit;

import io.baton.contract.OrderId;
import io.baton.contract.order.CancelCompletedOrder;
import io.baton.contract.payment.ChargePayment;
import io.baton.contract.payment.PaymentCharged;
import io.baton.orchestrator.cancellation.OrderCancellation;
import io.baton.orchestrator.execution.ExecutionBench;
import io.baton.orchestrator.fulfilment.OrderFulfilment;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** The sagas that we run, and one that has everything, whatever goes wrong. */
class SagaFaultsIT {

    @TestFactory
    Stream<DynamicNode> order_fulfilment_ends_as_its_definition_says() {
        return SagaFaultMatrix.of(OrderFulfilment.definition(), ExecutionBench::fulfil).cells();
    }

    @TestFactory
    Stream<DynamicNode> order_cancellation_ends_as_its_definition_says() {
        return SagaFaultMatrix.of(
                        OrderCancellation.definition(),
                        order -> new CancelCompletedOrder(order, "CANCELLED_BY_CUSTOMER", "Changed my mind."))
                .cells();
    }

    @TestFactory
    Stream<DynamicNode> steps_in_parallel_end_as_their_definition_says() {
        return SagaFaultMatrix.of(ParallelSample.definition(), ExecutionBench::fulfil)
                .answering(ChargePayment.class, new PaymentCharged(new OrderId(1), "p-1"))
                .cells();
    }
}
