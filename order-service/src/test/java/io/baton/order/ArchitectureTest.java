package io.baton.order;

import io.baton.messaging.test.ServiceRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    @Test
    void the_order_service_keeps_the_rules_of_all_services() {
        ServiceRules.check(OrderServiceApplication.class);
    }
}
