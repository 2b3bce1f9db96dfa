package io.baton.embedded;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A real Apache Kafka broker (KRaft, broker and controller in one) on 127.0.0.1, in a JVM of its own.
 *
 * <p>It can be stopped or killed and started again on the same data and port. It ends with this JVM, however that
 * ends. Topics are not created by use. Starting and stopping is for one thread at a time.
 */
public final class KafkaBroker implements AutoCloseable {

    private static final String NODE = "1";
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

    /** For one broker on a small machine: few threads, no replicas, a failover that takes seconds. */
    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", NODE),
            Map.entry("controller.listener.names", "CONTROLLER"),
            Map.entry("inter.broker.listener.name", "PLAINTEXT"),
            Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("num.partitions", "6"),
            Map.entry("num.network.threads", "2"),
            Map.entry("num.io.threads", "2"),
            Map.entry("num.replica.fetchers", "1"),
            Map.entry("num.recovery.threads.per.data.dir", "1"),
            Map.entry("background.threads", "2"),
            Map.entry("group.coordinator.threads", "1"),
            Map.entry("share.coordinator.threads", "1"),
            Map.entry("offsets.topic.num.partitions", "4"),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("transaction.state.log.num.partitions", "2"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("share.coordinator.state.topic.num.partitions", "2"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            // 128 MB of heap by default, which is a third of all there is here.
            Map.entry("log.cleaner.dedupe.buffer.size", "4194304"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            Map.entry("group.min.session.timeout.ms", "3000"),
            Map.entry("group.consumer.min.session.timeout.ms", "3000"),
            Map.entry("group.consumer.session.timeout.ms", "6000"),
            Map.entry("group.consumer.min.heartbeat.interval.ms", "500"),
            Map.entry("group.consumer.heartbeat.interval.ms", "1000"),
            // A killed broker that comes back is refused until its former session is over.
            Map.entry("broker.session.timeout.ms", "3000"),
            Map.entry("broker.heartbeat.interval.ms", "500"));

    private static final String LOGBACK = """
            <configuration>
              <appender name="file" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>%d{HH:mm:ss.SSS} %-5level [%thread] %logger{30} - %msg%n</pattern></encoder>
              </appender>
              <logger name="kafka.server.KafkaRaftServer" level="INFO"/>
              <root level="WARN"><appender-ref ref="file"/></root>
            </configuration>
            """;

    private final Path directory;
    private final boolean temporary;
    private final Path log;
    private final int port;
    private final int controllerPort;
    private final Map<String, String> settings;
    private final String heap;
    private final List<String> jvmArguments;
    private volatile @Nullable Process process;

    private KafkaBroker(Builder builder) {
        temporary = builder.directory == null;
        directory = builder.directory == null
                ? Processes.temporaryDirectory("baton-kafka-")
                : builder.directory.toAbsolutePath();
        log = builder.log == null ? directory.resolve("kafka.log") : builder.log.toAbsolutePath();
        port = builder.port == 0 ? LocalPort.free() : builder.port;
        controllerPort = builder.controllerPort == 0 ? freeBeside(port) : builder.controllerPort;
        settings = new TreeMap<>(DEFAULTS);
        settings.put("listeners", "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controllerPort));
        settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        settings.put("controller.quorum.voters", NODE + "@127.0.0.1:" + controllerPort);
        settings.put("log.dirs", logs().toString());
        settings.putAll(builder.settings);
        heap = builder.heap;
        jvmArguments = List.copyOf(builder.jvmArguments);
    }

    private static int freeBeside(int taken) {
        int free = LocalPort.free();
        while (free == taken) {
            free = LocalPort.free();
        }
        return free;
    }

    /** What can be chosen before the start. */
    public static final class Builder {

        private final Map<String, String> settings = new TreeMap<>();
        private final List<String> jvmArguments = new ArrayList<>();
        private @Nullable Path directory;
        private @Nullable Path log;
        private int port;
        private int controllerPort;
        private String heap = "384m";

        private Builder() {}

        /**
         * Where the data is kept and found again at a later start. Without it, data lives in a temporary directory
         * that is deleted by {@link #close()} or at the end of this JVM.
         */
        public Builder directory(Path directory) {
            this.directory = directory;
            return this;
        }

        /** The file for the broker's messages, appended to; without it, one in the directory. */
        public Builder log(Path log) {
            this.log = log;
            return this;
        }

        /** The port for clients; without it, or 0, one that is free. */
        public Builder port(int port) {
            this.port = port;
            return this;
        }

        /** The port on which the broker talks with its own controller; without it, or 0, one that is free. */
        public Builder controllerPort(int controllerPort) {
            this.controllerPort = controllerPort;
            return this;
        }

        /** The broker's heap, as in {@code -Xmx}; 384m without it. */
        public Builder heap(String heap) {
            this.heap = heap;
            return this;
        }

        /** Further arguments of the broker's JVM. */
        public Builder jvmArguments(List<String> arguments) {
            jvmArguments.addAll(arguments);
            return this;
        }

        /** A broker setting by its name in server.properties; wins over this class's own. */
        public Builder setting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /**
         * Formats the storage if it is new, starts the broker, and returns when it answers clients.
         *
         * @throws EmbeddedServerException if it does not within a minute; nothing is left running
         */
        public KafkaBroker start() {
            KafkaBroker broker = new KafkaBroker(this);
            broker.start();
            return broker;
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A broker on free ports whose data is deleted when it is closed. */
    public static KafkaBroker startTemporary() {
        return builder().start();
    }

    /**
     * Starts the broker again on the same data and ports, and returns when it answers clients. Does nothing if it runs.
     *
     * @throws EmbeddedServerException if it does not within a minute; nothing is left running
     */
    public void start() {
        Process former = process;
        if (former != null && former.isAlive()) {
            return;
        }
        if (former != null) {
            Watchdog.release(former.toHandle());
        }
        LocalPort.requireFree(port, "the Kafka broker");
        LocalPort.requireFree(controllerPort, "the Kafka controller");
        Process started = launch();
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (started.isAlive() && System.nanoTime() < deadline) {
            if (answers()) {
                process = started;
                return;
            }
            Processes.pause(Duration.ofMillis(50));
        }
        started.destroyForcibly();
        Processes.ended(started.toHandle(), STOP_PATIENCE);
        Watchdog.release(started.toHandle());
        throw new EmbeddedServerException("The Kafka broker did not start on port %d. The end of its log %s:%n%s"
                .formatted(port, log(), Processes.tail(log())));
    }

    /** Stops the broker in order and returns when it has ended. Does nothing if it does not run. */
    public void stop() {
        end(false);
    }

    /** SIGKILL to the broker; returns when it has ended. Does nothing if it does not run. */
    public void kill() {
        end(true);
    }

    private void end(boolean atOnce) {
        Process running = process;
        process = null;
        if (running == null) {
            return;
        }
        if (atOnce) {
            running.destroyForcibly();
        } else {
            running.destroy();
        }
        if (!Processes.ended(running.toHandle(), STOP_PATIENCE)) {
            running.destroyForcibly();
            Processes.ended(running.toHandle(), STOP_PATIENCE);
        }
        Watchdog.release(running.toHandle());
    }

    /** Stops the broker and, if its directory is temporary, deletes the data. */
    @Override
    public void close() {
        end(temporary);
        if (temporary) {
            Processes.deleteTree(directory);
        }
    }

    /** Whether the process of the broker lives. */
    public boolean isRunning() {
        Process current = process;
        return current != null && current.isAlive();
    }

    /** The broker's process, or null when it was stopped or has not been started. */
    public @Nullable ProcessHandle process() {
        Process current = process;
        return current == null ? null : current.toHandle();
    }

    public int port() {
        return port;
    }

    /** For {@code bootstrap.servers} of clients. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Where the broker's log is (its own messages, not its data). */
    public Path log() {
        return log;
    }

    private Path logs() {
        return directory.resolve("data");
    }

    private Process launch() {
        try {
            Files.createDirectories(directory);
            Path properties = directory.resolve("server.properties");
            Properties content = new Properties();
            content.putAll(settings);
            try (Writer writer = Files.newBufferedWriter(properties)) {
                content.store(writer, null);
            }
            Path logback = Files.writeString(directory.resolve("logback.xml"), LOGBACK);
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xms" + heap,
                    "-Xmx" + heap,
                    "-XX:+UseSerialGC",
                    "-XX:+UseCompactObjectHeaders",
                    "-XX:-UsePerfData",
                    "-Xss512k",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-Djava.awt.headless=true",
                    // Whichever of the two is on the class path writes warnings to standard output, which is the log.
                    "-Dlogback.configurationFile=" + logback,
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                    "-Dorg.slf4j.simpleLogger.logFile=System.out",
                    "-Dorg.slf4j.simpleLogger.showDateTime=true"));
            if (temporary) {
                // It ends before the second compiler's work would pay.
                command.add("-XX:TieredStopAtLevel=1");
            }
            command.addAll(jvmArguments);
            command.addAll(List.of(
                    "-cp",
                    System.getProperty("java.class.path"),
                    KafkaBrokerProcess.class.getName(),
                    properties.toString(),
                    logs().toString(),
                    NODE));
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(log().toFile()))
                    .start();
            Watchdog.hold(started.toHandle(), Watchdog.Signal.TERM);
            return started;
        } catch (IOException cause) {
            throw new EmbeddedServerException("The Kafka broker cannot be run: " + cause.getMessage(), cause);
        }
    }

    /**
     * Whether the broker answers the first request of every client (ApiVersions). It takes requests only once it is
     * unfenced, so from then on it can create topics and form groups.
     */
    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 500);
            socket.setSoTimeout(2_000);
            DataOutputStream request = new DataOutputStream(socket.getOutputStream());
            request.writeInt(10);
            request.writeShort(18); // ApiVersions
            request.writeShort(0); // version
            request.writeInt(1); // correlation id
            request.writeShort(-1); // no client id
            request.flush();
            DataInputStream response = new DataInputStream(socket.getInputStream());
            return response.readInt() >= 6 && response.readInt() == 1 && response.readShort() == 0;
        } catch (IOException notYet) {
            return false;
        }
    }
}
