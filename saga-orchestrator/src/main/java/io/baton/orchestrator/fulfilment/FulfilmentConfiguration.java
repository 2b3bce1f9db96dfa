package io.baton.orchestrator.fulfilment;

import io.baton.contract.order.FulfilOrder;
import io.baton.orchestrator.saga.SagaDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the definition known to the program. */
@Configuration(proxyBeanMethods = false)
class FulfilmentConfiguration {

    @Bean
    SagaDefinition<FulfilOrder> orderFulfilment() {
        return OrderFulfilment.definition();
    }
}
