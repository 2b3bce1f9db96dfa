package io.baton.delivery;

import io.baton.messaging.test.ServiceRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    @Test
    void the_service_keeps_the_rules_of_the_house() {
        ServiceRules.check(DeliveryServiceApplication.class);
    }
}
