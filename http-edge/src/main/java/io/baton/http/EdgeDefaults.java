package io.baton.http;

import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Switches off what reads bodies that are not JSON, and what serves files. A service's own configuration wins. */
final class EdgeDefaults implements EnvironmentPostProcessor {

    /**
     * Boot's own line, but for what somebody may have sent: no line break and no control sequence of it reaches the log,
     * also not in an exception's message, so that nobody can write lines that nobody logged.
     */
    static final String LOG_LINE = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} ${logging.pattern.level:%5p} %property{PID} --- "
            + "[${spring.application.name:}] [%15.15t] ${logging.pattern.correlation:}%-40.40logger{39} : "
            + "%replace(%m){'[\\p{Cntrl}]+',' '}%n"
            + "%replace(%ex){'[\\x00-\\x08\\x0a-\\x1f\\x7f]+(?!\\s*(at |\\.\\.\\. |Caused by: |Suppressed: )|\\z)',' '}";

    private static final Map<String, Object> DEFAULTS = Map.of(
            "logging.pattern.console", LOG_LINE,
            "logging.pattern.file", LOG_LINE,
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
