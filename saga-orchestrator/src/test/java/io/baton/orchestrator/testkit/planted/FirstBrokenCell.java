package io.baton.orchestrator.testkit.planted;

import io.baton.orchestrator.execution.ExecutionBench;
import io.baton.orchestrator.fulfilment.OrderFulfilment;
import io.baton.orchestrator.testkit.SagaFaultMatrix;
import java.util.function.Supplier;

/** Puts the fault matrix on the order's saga, up to the first cell that does not hold, and says which; "" if all do. */
public final class FirstBrokenCell implements Supplier<String> {

    @Override
    public String get() {
        return SagaFaultMatrix.of(OrderFulfilment.definition(), ExecutionBench::fulfil).firstBroken();
    }
}
