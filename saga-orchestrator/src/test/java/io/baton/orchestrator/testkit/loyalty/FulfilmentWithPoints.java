package io.baton.orchestrator.testkit.loyalty;

import static io.baton.orchestrator.saga.Step.retriable;

import io.baton.contract.order.FulfilOrder;
import io.baton.orchestrator.fulfilment.OrderFulfilment;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.Stage;
import io.baton.orchestrator.saga.Step;
import io.baton.orchestrator.testkit.loyalty.LoyaltyContract.GrantPoints;
import java.util.ArrayList;
import java.util.List;

/** Order fulfilment, version 2: points are granted before the order is completed. */
public final class FulfilmentWithPoints {

    private FulfilmentWithPoints() {}

    public static SagaDefinition<FulfilOrder> definition() {
        SagaDefinition<FulfilOrder> before = OrderFulfilment.definition();
        List<Stage<FulfilOrder>> stages = new ArrayList<>(before.stages());
        stages.add(stages.size() - 1, loyalty());
        return new SagaDefinition<>(
                before.name(),
                2,
                before.dataType(),
                before.businessKey(),
                stages,
                before.deadline(),
                before.commandExpiry());
    }

    private static Step<FulfilOrder> loyalty() {
        return
        // [step
                        retriable("loyalty", GrantPoints.class, (FulfilOrder order) ->
                                        new GrantPoints(order.orderId(), order.customerId(), order.total()))
                                .reaches("POINTS_GRANTED")
        // step]
        ;
    }
}
