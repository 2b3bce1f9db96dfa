package io.baton.orchestrator.demo;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** Present in the profile {@code demo} only, and only where a simulator is named. */
@Configuration(proxyBeanMethods = false)
@Profile("demo")
@ConditionalOnProperty("baton.demo.gateway-url")
class DemoConfiguration {

    @Bean
    DemoFaults demoFaults(@Value("${baton.demo.gateway-url}") URI simulator, Clock clock) {
        return new DemoFaults(simulator, clock, Duration.ofMinutes(1));
    }

    @Bean
    DemoFaultsEndpoint demoFaultsEndpoint(DemoFaults faults) {
        return new DemoFaultsEndpoint(faults);
    }
}
