package io.baton.orchestrator.cancellation;

import io.baton.contract.order.CancelCompletedOrder;
import io.baton.orchestrator.saga.SagaDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the definition known to the program. */
@Configuration(proxyBeanMethods = false)
class CancellationConfiguration {

    @Bean
    SagaDefinition<CancelCompletedOrder> orderCancellation() {
        return OrderCancellation.definition();
    }
}
