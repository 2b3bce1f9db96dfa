package io.baton.lab.running;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole system as {@code ./demo} starts it, on ports of its own so that it can run beside another. */
public final class RunningStack {

    /** Reads what the services answer. */
    public static final JsonMapper JSON = JsonMapper.shared();

    /** Added to every port of the stack: {@code -Dbaton.port-offset}. */
    public static final int PORT_OFFSET = Integer.getInteger("baton.port-offset", 5_500);
    private static final Duration START_MAX = Duration.ofSeconds(330);

    private static @Nullable RunningStack shared;

    static {
        // What is waited for has often happened already, and hundreds of orders are waited for one by one.
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(50));
    }

    private final Process process;
    private final Path directory;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private RunningStack(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    /** The stack that all tests of this run use; started once, stopped when the JVM ends. */
    public static synchronized RunningStack shared() {
        if (shared == null) {
            try {
                shared = start(Files.createTempDirectory("baton-system"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close, "stop-the-stack"));
        }
        return shared;
    }

    /** Starts everything and returns when every service is ready. */
    private static RunningStack start(Path directory) {
        try {
            Files.createDirectories(directory);
            ProcessBuilder builder = java(
                            "lab/local-stack",
                            "--directory",
                            directory.toString(),
                            "--port-offset",
                            Integer.toString(PORT_OFFSET))
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("stack.log").toFile());
            // Read by every JVM of the stack: they are started often here and run shortly, so the second compiler's work
            // would not pay.
            builder.environment()
                    .put("JDK_JAVA_OPTIONS", System.getProperty("baton.stack.java", "-XX:TieredStopAtLevel=1"));
            // So that a test can start a service again with other settings than those of the stack.
            Path settings = Files.createDirectories(directory.resolve("settings"));
            builder.environment().put("SPRING_CONFIG_ADDITIONAL_LOCATION", "optional:" + settings.toUri());
            Process process = builder.start();
            RunningStack stack = new RunningStack(process, directory);
            await().atMost(START_MAX).pollInterval(Duration.ofMillis(500)).until(() -> {
                if (!process.isAlive()) {
                    throw new IllegalStateException(
                            "The stack ended: " + Files.readString(directory.resolve("stack.log")));
                }
                return stack.isReady();
            });
            return stack;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The JVM to run one of the lab's programs: its jar, with the libraries that lie beside it. */
    public static ProcessBuilder java(String module, String... arguments) {
        Path target = root().resolve(module).resolve("target");
        try (Stream<Path> files = Files.list(target)) {
            Path jar = files.filter(file -> file.getFileName().toString().matches(".*-SNAPSHOT\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("Expected a jar in " + target + "; build it first"));
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString()));
            command.addAll(List.of(arguments));
            return new ProcessBuilder(command).directory(root().toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder of the checkout. */
    public static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docker-compose.yml")) || !Files.exists(folder.resolve("common-events"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("Expected to run inside the checkout");
            }
        }
        return folder;
    }

    /** {@code stack.json}, as the lab's programs read it. */
    public Path file() {
        return directory.resolve("stack.json");
    }

    /** Where the stack keeps its databases, its logs and {@link #file}. */
    public Path directory() {
        return directory;
    }

    /** What {@link #file} says now; a process that was started again has another id there. */
    public JsonNode description() {
        return JSON.readTree(file().toFile());
    }

    /**
     * What {@link #description} says of one process.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public JsonNode process(String name) {
        for (JsonNode candidate : description().get("processes")) {
            if (candidate.get("name").asString().equals(name)) {
                return candidate;
            }
        }
        throw new IllegalArgumentException("No process is called " + name);
    }

    /** The id of the process; 0 while it does not run. */
    public long pid(String name) {
        return process(name).get("pid").asLong();
    }

    /** Where a service answers customers. */
    public String url(String name) {
        return process(name).get("url").asString();
    }

    /** Where a service answers operators. */
    public String managementUrl(String name) {
        return process(name).get("managementUrl").asString();
    }

    /** The service's database as its administrator sees it; to be closed by who asks for it. */
    public Connection administrator(String service) throws SQLException {
        JsonNode administrator = process("postgres").get("database");
        return DriverManager.getConnection(
                process(service).get("database").get("jdbcUrl").asString(),
                administrator.get("user").asString(),
                administrator.get("password").asString());
    }

    /** Where the broker is. */
    public String bootstrapServers() {
        return description().get("kafka").get("bootstrapServers").asString();
    }

    /** Ends a service in good order and starts it again with these settings, {@code name=value}; none for the usual ones. */
    public void restart(String service, String... settings) {
        stop(service);
        try {
            Files.write(directory.resolve("settings").resolve("application.properties"), List.of(settings));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(service);
    }

    /** Ends a service in good order; it stays away until {@link #start}. */
    public void stop(String service) {
        tell(service, "stop");
    }

    /** Returns when the service is ready. */
    public void start(String service) {
        tell(service, "start");
    }

    private void tell(String process, String verb) {
        JsonNode control = description().get("control");
        URI url = URI.create(control.get("url").asString() + "/processes/" + process + "/" + verb);
        HttpResponse<String> answer = send(
                HttpRequest.newBuilder(url)
                        .header("Authorization", "Bearer " + control.get("token").asString())
                        .POST(HttpRequest.BodyPublishers.noBody()),
                START_MAX);
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("Expected " + process + " to " + verb + " but got " + answer.body());
        }
    }

    /** SIGKILL, as {@code kill -9} sends it. */
    public void kill(String name) {
        signal("KILL", pid(name));
    }

    /** @throws IllegalArgumentException for a process that does not run: 0 would mean all processes of this test's own group */
    public static void signal(String signal, long pid) {
        if (pid <= 0) {
            throw new IllegalArgumentException("Expected a running process for SIG" + signal + " but got process " + pid);
        }
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start();
            kill.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether all five services say that they are ready. */
    public boolean isReady() {
        return Files.exists(file())
                && Stream.of(
                                "order-service",
                                "payment-service",
                                "inventory-service",
                                "delivery-service",
                                "saga-orchestrator")
                        .allMatch(this::isReady);
    }

    /** Whether the service says so; not if it does not answer. */
    public boolean isReady(String service) {
        try {
            return get(url(service) + "/readyz").statusCode() == 200;
        } catch (UncheckedIOException | IllegalArgumentException | NullPointerException e) {
            return false;
        }
    }

    /** Without credentials, as {@link #getJson}, {@link #post} and {@link #send}. */
    public HttpResponse<String> get(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)).GET());
    }

    /** The body of what is answered, whatever its status. */
    public JsonNode getJson(String url) {
        return JSON.readTree(get(url).body());
    }

    /** With the operator's credentials. */
    public HttpResponse<String> operator(String method, String url, String body) {
        String credentials = operatorCredentials();
        return send(HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes()))
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    /** {@code user:password}. */
    public String operatorCredentials() {
        JsonNode operator = description().get("operator");
        return operator.get("user").asString() + ":" + operator.get("password").asString();
    }

    /** With a body of JSON, and further headers by turns of name and value. */
    public HttpResponse<String> post(String url, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    /**
     * Returns the answer.
     *
     * @throws UncheckedIOException if there is none within 40 s
     */
    public HttpResponse<String> send(HttpRequest.Builder request) {
        return send(request, Duration.ofSeconds(40));
    }

    private HttpResponse<String> send(HttpRequest.Builder request, Duration patience) {
        try {
            return http.send(request.timeout(patience).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void close() {
        process.destroy();
        try {
            if (!process.waitFor(40, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
