package io.baton.http;

import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Switches off what reads bodies that are not JSON, and what serves files. A service's own configuration wins. */
final class EdgeDefaults implements EnvironmentPostProcessor {

    private static final Map<String, Object> DEFAULTS = Map.of(
            "spring.servlet.multipart.enabled", "false",
            "spring.mvc.formcontent.filter.enabled", "false",
            "spring.web.resources.add-mappings", "false",
            // One line for every path that somebody tries would be the attacker's to fill.
            "logging.level.org.springframework.web.servlet.PageNotFound", "error",
            "server.tomcat.connection-timeout", "20s",
            "server.tomcat.max-swallow-size", "256KB",
            // Closing a connection after a hundred requests costs both sides a new one and gains nothing.
            "server.tomcat.max-keep-alive-requests", "-1");

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        environment.getPropertySources().addLast(new MapPropertySource("httpEdgeDefaults", DEFAULTS));
    }
}
