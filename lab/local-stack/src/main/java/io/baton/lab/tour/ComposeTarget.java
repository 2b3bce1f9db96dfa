package io.baton.lab.tour;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The system that docker-compose runs, by the ports that it publishes on this machine. */
public final class ComposeTarget implements TourTarget {

    private static final String HOST = "http://127.0.0.1:";
    private static final Map<String, Integer> PORTS = Map.of(
            "order-service", 8080,
            "payment-service", 8081,
            "inventory-service", 8082,
            "delivery-service", 8083,
            "saga-orchestrator", 8084);
    private static final int MANAGEMENT = 1_000;

    private final Path root;
    private final List<String> compose;
    private final String user;
    private final String password;

    private ComposeTarget(Path root, List<String> compose, String user, String password) {
        this.root = root;
        this.compose = compose;
        this.user = user;
        this.password = password;
    }

    /**
     * Finds out how docker-compose is called here, and the operator's credentials: in the environment, in {@code .env},
     * or in {@code docker-compose.yml}.
     *
     * @param root the directory of {@code docker-compose.yml}
     * @throws TourException if one of them is not there
     */
    public static ComposeTarget find(Path root) {
        List<String> compose = List.of(List.of("docker-compose"), List.of("docker", "compose")).stream()
                .filter(command -> run(root, command, "version") == 0)
                .findFirst()
                .orElseThrow(() -> new TourException("Neither `docker-compose` nor `docker compose` works here."));
        return new ComposeTarget(
                root, compose, setting(root, "BATON_OPERATOR_USER"), setting(root, "BATON_OPERATOR_PASSWORD"));
    }

    /** What compose itself would put in: the environment wins over .env, and that over the file's own value. */
    static String setting(Path root, String name) {
        String environment = System.getenv(name);
        if (environment != null && !environment.isBlank()) {
            return environment;
        }
        Pattern assignment = Pattern.compile("(?m)^\\s*" + name + "\\s*=\\s*[\"']?([^\"'\\s]+)");
        Pattern entry = Pattern.compile(
                "(?m)^[\\s-]*" + name + "\\s*[:=]\\s*[\"']?(?:\\$\\{" + name + ":?-)?([^\"'\\s}$]+)");
        return first(root.resolve(".env"), assignment)
                .or(() -> first(root.resolve("docker-compose.yml"), entry))
                .orElseThrow(() -> new TourException(
                        "Set %s in the environment or in .env, as for docker-compose.".formatted(name)));
    }

    private static Optional<String> first(Path file, Pattern pattern) {
        try {
            Matcher matcher = pattern.matcher(Files.readString(file));
            return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
        } catch (IOException missing) {
            return Optional.empty();
        }
    }

    @Override
    public String url(String service) {
        return HOST + PORTS.get(service);
    }

    @Override
    public String managementUrl(String service) {
        return HOST + (PORTS.get(service) + MANAGEMENT);
    }

    @Override
    public String operatorUser() {
        return user;
    }

    @Override
    public String operatorPassword() {
        return password;
    }

    @Override
    public void stop(String service) {
        require("kill", service);
    }

    @Override
    public void start(String service) {
        require("start", service);
    }

    @Override
    public String stopCommand(String service) {
        return String.join(" ", compose) + " kill " + service;
    }

    @Override
    public String startCommand(String service) {
        return String.join(" ", compose) + " start " + service;
    }

    private void require(String verb, String service) {
        if (run(root, compose, verb, service) != 0) {
            throw new TourException("`%s %s %s` failed.".formatted(String.join(" ", compose), verb, service));
        }
    }

    private static int run(Path root, List<String> command, String... arguments) {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(words)
                    .directory(root.toFile())
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException missing) {
            return -1;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TourException("Interrupted.", interrupted);
        }
    }
}
