package io.baton.lab.stack;

import io.baton.embedded.KafkaBroker;
import io.baton.embedded.LocalPort;
import io.baton.embedded.PostgresServer;
import io.baton.lab.stack.Layout.Service;
import io.baton.lab.stack.StackDescription.Database;
import io.baton.lab.stack.StackDescription.Operator;
import io.baton.lab.stack.StackDescription.ProcessEntry;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Everything that runs, in the order in which it can start: servers and simulator, databases, services. */
final class Stack implements AutoCloseable {

    private static final Map<String, String> POSTGRES_SETTINGS = Map.of("shared_buffers", "256MB");

    private final StackOptions options;
    private final PrintStream out;
    private final HttpClient http;
    private final Layout layout;
    private final Programs programs;
    private final Operator operator = new Operator("operator", Credentials.generate());
    private final Map<String, Database> databases = new HashMap<>();
    private final String ownerPassword = Credentials.generate();
    private final ServerComponents.Postgres postgresServer;
    private final Supervised postgres;
    private final Supervised kafka;
    private final Supervised simulator;
    private final List<Supervised> services = new ArrayList<>();
    private final ControlServer control;
    private boolean closed;

    /** @param down asked for the end of everything by a client of the control port; must not wait for it */
    Stack(StackOptions options, PrintStream out, HttpClient http, Runnable down) {
        this.options = options;
        this.out = out;
        this.http = http;
        this.layout = new Layout(options.portOffset());
        this.programs = new Programs(options.root(), options.directory().resolve("programs"));
        prepareDirectories();
        this.postgresServer = new ServerComponents.Postgres(
                PostgresServer.builder()
                        .directory(data("postgres"))
                        .port(layout.postgresPort())
                        .settings(POSTGRES_SETTINGS)
                        .log(log(Layout.POSTGRES)),
                log(Layout.POSTGRES));
        this.postgres = supervised(postgresServer);
        this.kafka = supervised(new ServerComponents.Kafka(
                KafkaBroker.builder()
                        .directory(data("kafka"))
                        .port(layout.kafkaPort())
                        .controllerPort(layout.kafkaControllerPort())
                        .log(log(Layout.KAFKA)),
                log(Layout.KAFKA)));
        this.simulator = supervised(new JavaComponent(
                http,
                Layout.SIMULATOR,
                () -> programs.simulator(layout.simulatorPort(), data("gateway.ledger")),
                Map.of(),
                layout.simulatorUrl(),
                log(Layout.SIMULATOR)));
        for (Service place : layout.services()) {
            databases.put(
                    place.name(),
                    new Database(
                            "jdbc:postgresql://%s:%d/%s"
                                    .formatted(Layout.HOST, layout.postgresPort(), place.database()),
                            place.database(),
                            Credentials.generate()));
            services.add(supervised(service(place)));
        }
        this.control = new ControlServer(all(), down);
    }

    /**
     * Starts everything and returns when every process answers.
     *
     * @throws RuntimeException if something does not start; what was started still runs and is ended by {@link #close}
     */
    void start() {
        requireJars();
        requirePorts();
        try (Progress progress = new Progress(out)) {
            out.println("Starting PostgreSQL, Kafka, the provider simulator and five services.");
            Thread unpacking = Thread.startVirtualThread(this::unpackServices);
            together(progress, List.of(postgres, kafka, simulator));
            services.forEach(this::createDatabase);
            unpacking.join();
            together(progress, services);
            describe();
            out.printf("Everything answers after %.0f s.%n", progress.seconds());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StackException("Interrupted.", interrupted);
        }
    }

    /** What runs now. */
    StackDescription description() {
        List<ProcessEntry> entries = new ArrayList<>();
        entries.add(entry(postgres, null, null, postgresServer.administration()));
        entries.add(entry(kafka, null, null, null));
        entries.add(entry(simulator, layout.simulatorUrl(), null, null));
        for (Supervised service : services) {
            Service place = place(service);
            entries.add(entry(service, place.url(), place.managementUrl(), database(place)));
        }
        ProcessHandle self = ProcessHandle.current();
        entries.add(new ProcessEntry(
                Layout.SELF, self.pid(), startedAt(self), control.description().url(), null, null));
        return new StackDescription(
                operator,
                new StackDescription.Kafka(bootstrapServers()),
                control.description(),
                entries);
    }

    /** Ends everything, services first, and deletes the description. Can be called at any time, more than once. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        control.close();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            services.forEach(service -> threads.execute(service::close));
        }
        simulator.close();
        kafka.close();
        postgres.close();
        try {
            Files.deleteIfExists(StackDescription.file(options.directory()));
        } catch (IOException cause) {
            out.println("The description of the stack was not deleted: " + cause.getMessage());
        }
    }

    private synchronized void describe() {
        if (!closed) {
            description().write(options.directory());
        }
    }

    /** Whether a {@linkplain Training training} would make the next start quicker. */
    boolean isUntrained() {
        return services.stream().anyMatch(service -> !programs.isTrained(service.name()));
    }

    private static ProcessEntry entry(
            Supervised process, @Nullable String url, @Nullable String managementUrl, @Nullable Database database) {
        ProcessHandle handle = process.process();
        boolean alive = handle != null && handle.isAlive();
        return new ProcessEntry(
                process.name(),
                alive ? handle.pid() : null,
                alive ? startedAt(handle) : null,
                url,
                managementUrl,
                database);
    }

    private static @Nullable Long startedAt(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(null);
    }

    private Supervised supervised(Component component) {
        return new Supervised(component, this::describe, out::println);
    }

    private List<Supervised> all() {
        List<Supervised> all = new ArrayList<>(List.of(postgres, kafka, simulator));
        all.addAll(services);
        return all;
    }

    private JavaComponent service(Service place) {
        Map<String, String> environment = new HashMap<>(ServiceEnvironment.of(
                database(place), ownerPassword, bootstrapServers(), operator, layout.simulatorUrl()));
        environment.put("SERVER_ADDRESS", Layout.HOST);
        environment.put("SERVER_PORT", Integer.toString(place.port()));
        environment.put("MANAGEMENT_SERVER_ADDRESS", Layout.HOST);
        environment.put("MANAGEMENT_SERVER_PORT", Integer.toString(place.managementPort()));
        return new JavaComponent(
                http, place.name(), () -> programs.service(place.name()), environment, place.url(), log(place.name()));
    }

    private void createDatabase(Supervised service) {
        Database database = database(place(service));
        postgresServer.server().createDatabase(
                place(service).database(), database.user(), database.password(), ownerPassword);
    }

    private Database database(Service place) {
        return Objects.requireNonNull(databases.get(place.name()));
    }

    private Service place(Supervised service) {
        return layout.services().stream()
                .filter(place -> place.name().equals(service.name()))
                .findFirst()
                .orElseThrow();
    }

    /** Starts several at once; the first that fails is reported. */
    private static void together(Progress progress, List<Supervised> processes) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> starts = new ArrayList<>();
            for (Supervised process : processes) {
                starts.add(threads.submit(() -> progress.step(process.name(), () -> {
                    process.start();
                    return process;
                })));
            }
            for (Future<?> start : starts) {
                try {
                    start.get();
                } catch (ExecutionException failed) {
                    processes.forEach(Supervised::close);
                    throw failed.getCause() instanceof RuntimeException problem
                            ? problem
                            : new StackException(String.valueOf(failed.getCause()), failed);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new StackException("Interrupted.", interrupted);
                }
            }
        }
    }

    /** While the servers start; what goes wrong here goes wrong again, and is reported, when the service is started. */
    private void unpackServices() {
        try {
            services.forEach(service -> programs.service(service.name()));
        } catch (StackException reportedLater) {
            return;
        }
    }

    private void prepareDirectories() {
        try {
            if (!options.keepData()) {
                Trees.delete(options.directory().resolve("data"));
            }
            Trees.delete(options.directory().resolve("logs"));
            Files.createDirectories(options.directory().resolve("data"));
            Files.createDirectories(options.directory().resolve("logs"));
        } catch (IOException cause) {
            throw new StackException(
                    "%s cannot be prepared: %s".formatted(options.directory(), cause.getMessage()), cause);
        }
    }

    private void requireJars() {
        programs.jar("lab/provider-simulator");
        layout.services().forEach(service -> programs.jar(service.name()));
    }

    private void requirePorts() {
        Map<Integer, String> ports = new LinkedHashMap<>();
        layout.services().forEach(service -> {
            ports.put(service.port(), service.name());
            ports.put(service.managementPort(), service.name() + "'s management");
        });
        ports.put(layout.simulatorPort(), Layout.SIMULATOR);
        ports.put(layout.postgresPort(), "PostgreSQL");
        ports.put(layout.kafkaPort(), "Kafka");
        ports.put(layout.kafkaControllerPort(), "Kafka's controller");
        List<String> taken = ports.entrySet().stream()
                .filter(port -> !LocalPort.isFree(port.getKey()))
                .map(port -> "  %d for %s is held by %s"
                        .formatted(port.getKey(), port.getValue(), PortHolders.describe(port.getKey())))
                .toList();
        if (!taken.isEmpty()) {
            throw new StackException(("Ports that are needed are taken:%n%s%n"
                            + "End what holds them, or use other ports: ./demo --port-offset 100")
                    .formatted(String.join(System.lineSeparator(), taken)));
        }
    }

    private String bootstrapServers() {
        return Layout.HOST + ":" + layout.kafkaPort();
    }

    private Path data(String name) {
        return options.directory().resolve("data").resolve(name);
    }

    private Path log(String name) {
        return options.directory().resolve("logs").resolve(name + ".log");
    }
}
