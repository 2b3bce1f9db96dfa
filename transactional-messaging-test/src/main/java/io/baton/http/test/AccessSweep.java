package io.baton.http.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.http.test.RawHttp.Answer;
import io.baton.http.test.ServiceMappings.Mapping;
import io.baton.messaging.test.RealServers;
import io.baton.messaging.test.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Who may do what with a service that was started strictly ({@link RealServers#strict}): everything that it has mapped,
 * asked by everybody, compared with a file that is checked in. {@code -Dbaton.access.write=true} writes the file.
 */
public final class AccessSweep {

    /** The customer whose things the service has, if it has any. */
    public static final String CUSTOMER = "c-1";

    private static final List<String> INTERNALS = List.of("java.", "org.springframework", "io.baton.", "SELECT ", "Exception");

    private final ApplicationContext context;
    private final int port;
    private final int managementPort;
    private final Map<String, String> values = new HashMap<>();
    private final Map<String, String> callers = new LinkedHashMap<>();

    public AccessSweep(ApplicationContext context) {
        this.context = context;
        Environment environment = context.getEnvironment();
        this.port = environment.getRequiredProperty("local.server.port", Integer.class);
        this.managementPort = environment.getRequiredProperty("local.management.port", Integer.class);
        callers.put("anonymous", "");
        callers.put("customer", bearer(Tokens.customer(CUSTOMER)));
        callers.put("other", bearer(Tokens.customer("c-2")));
        callers.put("viewer", basic(RealServers.VIEWER, RealServers.VIEWER_PASSWORD));
        callers.put("operator", basic(RealServers.OPERATOR, RealServers.OPERATOR_PASSWORD));
    }

    /** What to put for a variable of paths; without it, an id that nothing has. */
    public AccessSweep with(String variable, String value) {
        values.put(variable, value);
        return this;
    }

    /** Fails for each mapping that is not in {@code docs/access/<service>.txt} with these very answers. */
    public void isAsWritten(String service) {
        List<String> lines = new ArrayList<>();
        lines.add("What each caller of " + service + " is answered, by status. Written by AccessSweep; a test compares.");
        lines.add("");
        lines.add(line("port", "request", List.copyOf(callers.keySet())));
        for (Mapping mapping : ServiceMappings.of(context)) {
            List<String> statuses = new ArrayList<>();
            for (String credentials : callers.values()) {
                Answer answer = ask(mapping.management(), mapping.method(), path(mapping.path()), credentials);
                check(mapping + "", answer);
                statuses.add(Integer.toString(answer.status()));
            }
            lines.add(line(mapping.port(), mapping.method() + " " + mapping.path(), statuses));
        }
        Path file = Path.of("..", "docs", "access", service + ".txt");
        try {
            if (Boolean.getBoolean("baton.access.write")) {
                Files.createDirectories(file.getParent());
                Files.write(file, lines);
            }
            assertThat(lines)
                    .as("Look at what has changed; if it is meant to, write %s with -Dbaton.access.write=true", file)
                    .isEqualTo(Files.exists(file) ? Files.readAllLines(file) : List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Fails if a path that a stranger would try answers with anything but a refusal, to strangers or to operators, or if
     * a way around the rules leads a stranger or a customer to an endpoint that is there.
     *
     * @param guarded endpoints of the service that strangers and customers must not read
     */
    public void answersNothingElse(String... guarded) {
        List<String> paths = GuessedPaths.all();
        assertThat(paths).hasSizeGreaterThan(200);
        for (boolean management : List.of(false, true)) {
            for (String caller : List.of("anonymous", "operator")) {
                paths.forEach(path -> refused(management, path, caller));
            }
            for (String endpoint : guarded) {
                GuessedPaths.of(endpoint).forEach(path -> {
                    refused(management, path, "anonymous");
                    refused(management, path, "customer");
                });
            }
        }
    }

    private void refused(boolean management, String path, String caller) {
        Answer answer = ask(management, "GET", path, String.valueOf(callers.get(caller)));
        String what = caller + " asking for " + path + " on the " + (management ? "management" : "main") + " port";
        assertThat(answer.status()).as(what).isBetween(400, 499);
        assertThat(answer.isProblem()).as(what).isTrue();
        check(what, answer);
    }

    private static void check(String what, Answer answer) {
        assertThat(answer.status()).as(what).isBetween(200, 499);
        assertThat(answer.head())
                .as(what)
                .contains("X-Content-Type-Options: nosniff", "Content-Security-Policy: ", "Referrer-Policy: no-referrer")
                .contains("X-Frame-Options: DENY", "Cache-Control: ");
        if (answer.status() >= 400) {
            INTERNALS.forEach(inside -> assertThat(answer.body()).as(what).doesNotContain(inside));
        }
    }

    private Answer ask(boolean management, String method, String path, String credentials) {
        String body = method.equals("GET") || method.equals("DELETE") ? "" : "{}";
        String request = method + " " + path + " HTTP/1.1\nHost: x\nConnection: close\n" + credentials
                + (body.isEmpty() ? "" : "Content-Type: application/json\nContent-Length: 2\n") + "\n" + body;
        try {
            return RawHttp.send(management ? managementPort : port, request);
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        }
    }

    private String path(String pattern) {
        String path = pattern;
        for (Map.Entry<String, String> value : values.entrySet()) {
            path = path.replace("{" + value.getKey() + "}", value.getValue());
        }
        return path.replaceAll("\\{[^}]*}", "0000000000001");
    }

    private static String line(String port, String request, List<String> columns) {
        StringBuilder line = new StringBuilder("%-10s  %-60s".formatted(port, request));
        columns.forEach(column -> line.append("%-10s".formatted(column)));
        return line.toString().stripTrailing();
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token + "\n";
    }

    private static String basic(String user, String password) {
        return "Authorization: Basic "
                + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)) + "\n";
    }
}
