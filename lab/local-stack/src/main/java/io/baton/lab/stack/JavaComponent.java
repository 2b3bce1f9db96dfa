package io.baton.lab.stack;

import io.baton.embedded.Watchdog;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A program of our own in a JVM of its own, ready when its {@code /readyz} says so. */
final class JavaComponent implements Component {

    private static final Duration START_PATIENCE = Duration.ofMinutes(5);
    /** A little more than what the services allow themselves to finish what they are doing. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);

    private static final int TAIL_BYTES = 2_500;

    private final HttpClient http;
    private final String name;
    private final Supplier<List<String>> command;
    private final Map<String, String> environment;
    private final URI readiness;
    private final Path log;
    private volatile @Nullable Process process;

    JavaComponent(
            HttpClient http,
            String name,
            Supplier<List<String>> command,
            Map<String, String> environment,
            String url,
            Path log) {
        this.http = http;
        this.name = name;
        this.command = command;
        this.environment = Map.copyOf(environment);
        this.readiness = URI.create(url + "/readyz");
        this.log = log;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start() {
        Process former = process;
        if (former != null) {
            if (former.isAlive()) {
                return;
            }
            Watchdog.release(former.toHandle());
        }
        Process started = launch();
        process = started;
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (started.isAlive() && System.nanoTime() < deadline) {
            if (isReady()) {
                return;
            }
            try {
                if (started.waitFor(100, TimeUnit.MILLISECONDS)) {
                    break;
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        boolean ended = !started.isAlive();
        kill();
        throw new StackException(
                ended
                        ? "%s ended with exit code %d before it was ready. The end of its log %s:%n%s"
                                .formatted(name, started.exitValue(), log, tail())
                        : "%s was not ready after %d s. The end of its log %s:%n%s"
                                .formatted(name, START_PATIENCE.toSeconds(), log, tail()));
    }

    private Process launch() {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command.get()))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            Process started = builder.start();
            Watchdog.hold(started.toHandle(), Watchdog.Signal.KILL);
            return started;
        } catch (IOException cause) {
            throw new StackException("%s cannot be run: %s".formatted(name, cause.getMessage()), cause);
        }
    }

    private boolean isReady() {
        HttpRequest request =
                HttpRequest.newBuilder(readiness).timeout(Duration.ofSeconds(5)).build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void stop() {
        end(false);
    }

    @Override
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
        if (!ended(running)) {
            running.destroyForcibly();
            ended(running);
        }
        Watchdog.release(running.toHandle());
    }

    private static boolean ended(Process running) {
        try {
            running.onExit().get(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException late) {
            return !running.isAlive();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return !running.isAlive();
        }
    }

    @Override
    public @Nullable ProcessHandle process() {
        Process current = process;
        return current == null ? null : current.toHandle();
    }

    @Override
    public Path log() {
        return log;
    }

    private String tail() {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(Math.max(0, file.length() - TAIL_BYTES));
            byte[] bytes = new byte[(int) (file.length() - file.getFilePointer())];
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8).strip();
        } catch (IOException unreadable) {
            return "(it cannot be read)";
        }
    }
}
