package io.baton.lab.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.lab.stack.StackDescription.ProcessEntry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStackTest {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    private static Path directory;

    /**
     * So far apart are the stacks of these tests, which all run at once. Their highest port is below those that tests beside
     * this one are given, and all are below those of outgoing connections, which may occupy any port of theirs.
     */
    private static final int APART = 1_500;

    private static final int OFFSET = ThreadLocalRandom.current().nextInt(200, 900);
    private static Process stack;
    private static StackDescription description;
    private static ControlClient control;

    @BeforeAll
    static void start() throws IOException {
        StandIn.checkout(directory.resolve("checkout"), "");
        stack = demo("checkout", "baton", OFFSET);
        await().atMost(PATIENCE).until(() -> {
            assertThat(stack.isAlive()).as(output("baton")).isTrue();
            return output("baton").contains("Ctrl-C ends everything");
        });
        description = StackDescription.read(directory.resolve("baton")).orElseThrow();
        control = new ControlClient(HttpClient.newHttpClient(), description.control());
    }

    @AfterAll
    static void end() throws Exception {
        List<ProcessHandle> processes = processes(description());
        stack.destroy();
        assertThat(stack.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        assertThat(StackDescription.file(directory.resolve("baton"))).doesNotExist();
    }

    @Test
    void every_process_is_described_and_the_description_is_for_its_owner_alone() throws Exception {
        assertThat(description.processes())
                .extracting(ProcessEntry::name)
                .containsExactlyInAnyOrder(
                        "postgres",
                        "kafka",
                        "provider-simulator",
                        "order-service",
                        "payment-service",
                        "inventory-service",
                        "delivery-service",
                        "saga-orchestrator",
                        "local-stack");
        assertThat(description().processes())
                .allSatisfy(process -> assertThat(ProcessHandle.of(process.pid())).isPresent());
        assertThat(description.process("order-service").url()).isEqualTo("http://127.0.0.1:" + (8080 + OFFSET));
        assertThat(description.process("order-service").managementUrl())
                .isEqualTo("http://127.0.0.1:" + (9080 + OFFSET));
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(StackDescription.file(directory.resolve("baton")))))
                .isEqualTo("rw-------");
    }

    @Test
    void every_service_has_a_database_of_its_own() throws SQLException {
        for (ProcessEntry process : description.processes()) {
            if (process.managementUrl() != null) {
                var database = process.database();
                try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password())) {
                    assertThat(connection.getCatalog()).isEqualTo(database.user());
                }
            }
        }
    }

    @Test
    void a_second_one_says_that_one_runs() throws Exception {
        Process second = demo("checkout", "baton", OFFSET, "second");

        assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(output("second")).contains("Baton runs already (process " + stack.pid()).contains("./demo down");
    }

    @Test
    void a_killed_service_comes_back_and_is_described_anew() {
        ProcessHandle killed = process("inventory-service");

        killed.destroyForcibly();

        await().atMost(PATIENCE).until(() -> state("inventory-service").equals("READY")
                && !process("inventory-service").equals(killed));
        assertThat(output("baton")).contains("inventory-service (process " + killed.pid() + ") ended unexpectedly");
    }

    @Test
    void a_killed_broker_and_a_killed_postgresql_come_back() {
        for (String server : List.of("kafka", "postgres")) {
            ProcessHandle killed = process(server);

            killed.destroyForcibly();

            await().atMost(PATIENCE)
                    .until(() -> state(server).equals("READY") && !process(server).equals(killed));
        }
    }

    @Test
    void a_stopped_service_stays_away_until_it_is_started() throws Exception {
        control.tell("payment-service", "stop");

        assertThat(state("payment-service")).isEqualTo("STOPPED");
        assertThat(description().process("payment-service").pid()).isNull();
        control.tell("payment-service", "start");
        HttpResponse<Void> ready = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create(description.process("payment-service").url() + "/readyz"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
        assertThat(ready.statusCode()).isEqualTo(200);
    }

    @Test
    void a_service_that_ends_again_and_again_is_given_up() {
        for (int time = 0; time <= Supervised.RESTARTS; time++) {
            ProcessHandle before = process("delivery-service");
            before.destroyForcibly();
            await().atMost(PATIENCE).until(() -> switch (state("delivery-service")) {
                case "GAVE_UP" -> true;
                case "READY" -> !process("delivery-service").equals(before);
                default -> false;
            });
        }

        assertThat(state("delivery-service")).isEqualTo("GAVE_UP");
        assertThat(output("baton")).contains("delivery-service.log").contains("./demo start delivery-service");
        control.tell("delivery-service", "start");
        assertThat(state("delivery-service")).isEqualTo("READY");
    }

    @Test
    void the_control_port_wants_the_token() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(description.control().url() + "/down"))
                .header("Authorization", "Bearer guessed")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();

        assertThat(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(401);
        assertThat(stack.isAlive()).isTrue();
    }

    @Test
    void a_stack_that_is_killed_takes_its_processes_with_it() throws Exception {
        Process other = demo("checkout", "killed", OFFSET + APART);
        await().atMost(PATIENCE).until(() -> output("killed").contains("Ctrl-C ends everything"));
        List<ProcessHandle> processes =
                processes(StackDescription.read(directory.resolve("killed")).orElseThrow());
        assertThat(processes).hasSize(9).allMatch(ProcessHandle::isAlive);

        other.destroyForcibly();

        await().atMost(PATIENCE).until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void a_port_that_is_taken_is_named_with_its_holder() throws Exception {
        int offset = OFFSET + 2 * APART;
        try (ServerSocket holder = new ServerSocket(8083 + offset, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            Process blocked = demo("checkout", "blocked", offset);

            assertThat(blocked.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(blocked.exitValue()).isEqualTo(1);
            assertThat(output("blocked"))
                    .contains(holder.getLocalPort() + " for delivery-service")
                    .contains("process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void a_service_that_does_not_start_ends_the_stack_with_its_log() throws Exception {
        StandIn.checkout(directory.resolve("broken"), "saga-orchestrator");
        Process broken = demo("broken", "failed", OFFSET + 3 * APART);

        assertThat(broken.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(broken.exitValue()).isEqualTo(1);
        assertThat(output("failed"))
                .contains("saga-orchestrator ended with exit code 1 before it was ready")
                .contains("not.There");
        assertThat(StackDescription.file(directory.resolve("failed"))).doesNotExist();
    }

    private static Process demo(String checkout, String place, int offset) throws IOException {
        return demo(checkout, place, offset, place);
    }

    private static Process demo(String checkout, String place, int offset, String output) throws IOException {
        return new ProcessBuilder(new ArrayList<>(List.of(
                        Programs.JAVA,
                        "-cp",
                        System.getProperty("java.class.path"),
                        LocalStack.class.getName(),
                        "--root",
                        directory.resolve(checkout).toString(),
                        "--directory",
                        directory.resolve(place).toString(),
                        "--port-offset",
                        Integer.toString(offset))))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(output + ".out").toFile())
                .start();
    }

    private static String output(String name) {
        try {
            return Files.readString(directory.resolve(name + ".out"));
        } catch (IOException notYet) {
            return "";
        }
    }

    private static StackDescription description() {
        return StackDescription.read(directory.resolve("baton")).orElseThrow();
    }

    private static ProcessHandle process(String name) {
        Long pid = description().process(name).pid();
        return ProcessHandle.of(pid == null ? 0 : pid).orElse(ProcessHandle.current());
    }

    private static List<ProcessHandle> processes(StackDescription of) {
        return of.processes().stream()
                .filter(process -> process.pid() != null)
                .flatMap(process -> ProcessHandle.of(process.pid()).stream())
                .toList();
    }

    private static String state(String name) {
        for (var process : control.processes()) {
            if (process.path("name").asString().equals(name)) {
                return process.path("state").asString();
            }
        }
        return "UNKNOWN";
    }
}
