package io.baton.orchestrator.console;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/** Gives the console's files entity tags, so that a browser that has them is answered 304. */
@ManagementContextConfiguration(proxyBeanMethods = false)
class ConsoleManagementConfiguration {

    @Bean
    FilterRegistrationBean<ShallowEtagHeaderFilter> consoleEntityTags(WebEndpointProperties endpoints) {
        ShallowEtagHeaderFilter tags = new ShallowEtagHeaderFilter();
        // Tomcat compresses nothing that has a strong one.
        tags.setWriteWeakETag(true);
        FilterRegistrationBean<ShallowEtagHeaderFilter> registration = new FilterRegistrationBean<>(tags);
        registration.addUrlPatterns(endpoints.getBasePath() + "/" + SagaConsoleEndpoint.ID + "/*");
        return registration;
    }
}
