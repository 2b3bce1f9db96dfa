package io.baton.lab.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.lab.running.RunningStack;
import io.baton.lab.running.Shop;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The alert rules and the dashboard, in a real Prometheus that scrapes the real system. Debian's package prometheus brings
 * what it needs; without it these tests are skipped, or fail where {@code BATON_PROMETHEUS=required} is set.
 */
class MonitoringIT {

    private static final Path FOLDER = RunningStack.root().resolve("ops");
    private static final Pattern RULE = Pattern.compile("(?m)^\\s*- alert: (\\w+)$");
    private static final Pattern TESTED = Pattern.compile("alertname: (\\w+)\\s+exp_alerts:\\s+- exp_labels");
    private static final Pattern METRIC =
            Pattern.compile("\\b((?:saga|outbox|inbox|messages|dead|credentials)_[a-z_]+)\\b");
    private static final String[] SERVICES = {
        "order-service", "payment-service", "inventory-service", "delivery-service", "saga-orchestrator"
    };

    @TempDir
    private Path directory;

    @BeforeAll
    static void requirePrometheus() {
        boolean isThere = isThere("prometheus") && isThere("promtool");
        if ("required".equals(System.getenv("BATON_PROMETHEUS"))) {
            assertThat(isThere).as("prometheus and promtool are on the path").isTrue();
        }
        Assumptions.assumeTrue(
                isThere, "Skipped: there is no prometheus and promtool here. Debian's package prometheus has both.");
    }

    @Test
    void each_rule_is_seen_to_fire_and_not_before_its_time() throws Exception {
        Path rules = FOLDER.resolve("prometheus");
        assertThat(run("promtool", "check", "rules", rules.resolve("alerts.yml").toString())).isZero();
        assertThat(run("promtool", "test", "rules", rules.resolve("alerts-test.yml").toString())).isZero();
        assertThat(found(TESTED, rules.resolve("alerts-test.yml")))
                .isEqualTo(found(RULE, rules.resolve("alerts.yml")))
                .isNotEmpty();
    }

    @Test
    void the_rules_are_evaluated_and_all_that_they_and_the_dashboard_ask_for_is_scraped() throws Exception {
        RunningStack stack = RunningStack.shared();
        new Shop(stack, "monitoring").open(10, "100.00");
        answerRequestsWhoseTraceIsKept(stack);
        int port = freePort();
        Path settings = Files.writeString(directory.resolve("prometheus.yml"), settings(stack));
        Process prometheus = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + settings,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("prometheus.log").toFile())
                .start();
        try {
            String api = "http://127.0.0.1:" + port + "/api/v1/";
            await().atMost(Duration.ofSeconds(30)).ignoreExceptions().untilAsserted(() -> {
                JsonNode up = query(stack, api, "count(up == 1)");
                assertThat(up.get(0).get("value").get(1).asString()).isEqualTo("" + SERVICES.length);
            });
            Set<String> metrics = found(METRIC, FOLDER.resolve("prometheus/alerts.yml"));
            metrics.addAll(found(METRIC, FOLDER.resolve("grafana/sagas.json")));
            assertThat(metrics).hasSizeGreaterThan(15);
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(metrics)
                    .allSatisfy(metric -> assertThat(query(stack, api, "count(" + metric + ")").size())
                            .as("%s is scraped", metric)
                            .isEqualTo(1)));
            assertThat(query(stack, api, "saga_balance{part=\"COMPLETED\",definition=\"order-fulfilment\"} > 0").size())
                    .isEqualTo(1);
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(rules(stack, api))
                    .hasSize(found(RULE, FOLDER.resolve("prometheus/alerts.yml")).size())
                    .allSatisfy(rule -> assertThat(rule.get("health").asString())
                            .as(rule.get("name").asString())
                            .isEqualTo("ok")));
        } finally {
            prometheus.destroy();
            if (!prometheus.waitFor(10, TimeUnit.SECONDS)) {
                prometheus.destroyForcibly();
            }
        }
    }

    /** Such a request's trace would be an exemplar beside the measurements, which not every Prometheus takes everywhere. */
    private static void answerRequestsWhoseTraceIsKept(RunningStack stack) {
        for (String service : SERVICES) {
            stack.send(HttpRequest.newBuilder(URI.create(stack.url(service) + "/nothing-is-here"))
                    .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
        }
    }

    private static String settings(RunningStack stack) {
        StringBuilder settings = new StringBuilder("global: {scrape_interval: 1s, evaluation_interval: 1s}\n")
                .append("rule_files: ['").append(FOLDER.resolve("prometheus/alerts.yml")).append("']\n")
                .append("scrape_configs:\n");
        JsonNode operator = stack.description().get("operator");
        for (String service : SERVICES) {
            String address = stack.managementUrl(service).replaceFirst("^http://", "");
            settings.append("  - job_name: ").append(service).append('\n')
                    .append("    metrics_path: /actuator/prometheus\n")
                    .append("    basic_auth: {username: '").append(operator.get("user").asString())
                    .append("', password: '").append(operator.get("password").asString()).append("'}\n")
                    .append("    static_configs: [{targets: ['").append(address).append("']}]\n");
        }
        return settings.toString();
    }

    private static JsonNode query(RunningStack stack, String api, String expression) {
        return stack.getJson(api + "query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .get("data")
                .get("result");
    }

    private static List<JsonNode> rules(RunningStack stack, String api) {
        return stack.getJson(api + "rules").get("data").get("groups").valueStream()
                .flatMap(group -> group.get("rules").valueStream())
                .toList();
    }

    private static Set<String> found(Pattern pattern, Path file) throws IOException {
        Set<String> found = new TreeSet<>();
        pattern.matcher(Files.readString(file)).results().forEach(match -> found.add(match.group(1)));
        return found;
    }

    private int run(String... command) throws Exception {
        Path output = directory.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        if (process.exitValue() != 0) {
            System.out.println(Files.readString(output));
        }
        return process.exitValue();
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
