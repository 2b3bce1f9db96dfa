package io.baton.orchestrator.console;

import io.baton.http.PageHeaders;
import java.util.Map;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tells browsers that the console is a page: it may load its own files and nothing else, and is asked for anew when changed. */
@Configuration(proxyBeanMethods = false)
class ConsoleConfiguration {

    static final String POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
            + "form-action 'none'";

    @Bean
    PageHeaders consoleHeaders(WebEndpointProperties endpoints) {
        return new PageHeaders(
                endpoints.getBasePath() + "/" + SagaConsoleEndpoint.ID,
                Map.of("Content-Security-Policy", POLICY, "Cache-Control", "no-cache"));
    }
}
