package io.baton.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.embedded.KafkaBroker;
import io.baton.embedded.PostgresServer.Database;
import io.baton.embedded.Watchdog;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One instance of the tests' participant, in a JVM of its own. */
final class Instance implements AutoCloseable {

    private static final Path LOGS = Path.of("target", "instances");
    private static int started;

    private final Process process;
    private final Path log;

    private Instance(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts an instance; it reads as soon as it is up.
     *
     * @param topic the first part of its topics' names, and its consumer's name
     */
    static synchronized Instance start(
            Database database, KafkaBroker kafka, String topic, Map<String, String> further) {
        try {
            Files.createDirectories(LOGS);
            Path log = LOGS.resolve(topic + "-" + ++started + ".log");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:-UsePerfData",
                    "-Xshare:auto",
                    "-Xmx160m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    CountingApplication.class.getName(),
                    "--spring.application.name=counting",
                    "--spring.main.banner-mode=off",
                    "--spring.jmx.enabled=false",
                    "--logging.level.io.baton=INFO",
                    "--spring.datasource.url=" + database.jdbcUrl(),
                    "--spring.datasource.username=" + database.user(),
                    "--spring.datasource.password=" + database.password(),
                    "--spring.datasource.hikari.maximum-pool-size=2",
                    "--spring.datasource.hikari.connection-timeout=5000",
                    "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                    "--baton.messaging.consumer=" + topic,
                    "--baton.messaging.session-timeout=2s",
                    "--baton.messaging.transaction-idle-max=2s",
                    "--baton.messaging.retry-delay-max=500ms",
                    "--baton.messaging.outbox-age-min=1s",
                    "--counting.topic=" + topic));
            further.forEach((name, value) -> command.add("--" + name + "=" + value));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.to(log.toFile()))
                    .start();
            Watchdog.hold(process.toHandle(), Watchdog.Signal.KILL);
            return new Instance(process, log);
        } catch (IOException e) {
            throw new IllegalStateException("An instance cannot be started", e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until the process stands still, as after SIGSTOP. */
    boolean isStopped() {
        try {
            String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "status"));
            return status.lines().anyMatch(line -> line.startsWith("State:") && line.contains("T"));
        } catch (IOException e) {
            return false;
        }
    }

    void pause() {
        signal("STOP");
    }

    void goOn() {
        signal("CONT");
    }

    /** Asks the process to end in good order, and waits until it has. */
    void stop() {
        process.destroy();
        awaitExit();
    }

    /** Waits for the end and returns the exit code. */
    int awaitExit() {
        try {
            assertThat(process.waitFor(180, TimeUnit.SECONDS)).as("the instance ends; see " + log).isTrue();
            Watchdog.release(process.toHandle());
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
            kill.waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().orTimeout(Duration.ofSeconds(20).toSeconds(), TimeUnit.SECONDS).join();
        Watchdog.release(process.toHandle());
    }
}
