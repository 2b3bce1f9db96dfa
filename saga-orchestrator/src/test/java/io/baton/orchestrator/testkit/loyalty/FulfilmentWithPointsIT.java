package io.baton.orchestrator.testkit.loyalty;

import io.baton.orchestrator.execution.ExecutionBench;
import io.baton.orchestrator.testkit.SagaFaultMatrix;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

class FulfilmentWithPointsIT {

    // [faults
    @TestFactory
    Stream<DynamicNode> whatever_goes_wrong_it_ends_as_its_definition_says() {
        return SagaFaultMatrix.of(FulfilmentWithPoints.definition(), ExecutionBench::fulfil)
                .knowing(LoyaltyContract.MESSAGES)
                .cells();
    }
    // faults]
}
