package io.baton.http;

import static java.util.Map.entry;

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

    private static final Map<String, Object> DEFAULTS = Map.ofEntries(
            entry("logging.pattern.console", LOG_LINE),
            entry("logging.pattern.file", LOG_LINE),
            entry("spring.servlet.multipart.enabled", "false"),
            entry("spring.mvc.formcontent.filter.enabled", "false"),
            entry("spring.web.resources.add-mappings", "false"),
            // One line for every path that somebody tries would be the attacker's to fill.
            entry("logging.level.org.springframework.web.servlet.PageNotFound", "error"),
            entry("server.tomcat.connection-timeout", "20s"),
            entry("server.tomcat.max-swallow-size", "256KB"),
            // Twice as many as are handled at once (baton.limits.requests-at-once), since whom one refuses one must have
            // let in. Each takes some 70 KB of the heap. The others wait before the door, where they take none; with
            // Tomcat's usual 100 there, the system lets connections pend for minutes and then cuts them off.
            entry("server.tomcat.max-connections", "1024"),
            entry("server.tomcat.accept-count", "4096"),
            // What is measured asks for the trace then, which takes a lock of its own and Spring's. Something measured by
            // another thread (a garbage collection) while the service starts has stopped it for good.
            entry("management.tracing.exemplars.include", "none"),
            // Closing a connection after a hundred requests costs both sides a new one and gains nothing.
            entry("server.tomcat.max-keep-alive-requests", "-1"));

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        environment.getPropertySources().addLast(new MapPropertySource("httpEdgeDefaults", DEFAULTS));
    }
}
