package io.baton.orchestrator.demo;

import io.baton.http.ProblemException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells the provider simulator to misbehave for a while. If the orchestrator ends within that time, the fault stays until
 * the next one is asked for, or the simulator is told otherwise.
 */
final class DemoFaults implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final URI faults;
    private final Clock clock;
    private final Duration length;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final ScheduledExecutorService healer =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("demo-faults").factory());
    private @Nullable Running running;

    /** The fault that is on, and when it ends. */
    record Running(DemoFault fault, Instant until) {}

    /** @param length of every fault */
    DemoFaults(URI simulator, Clock clock, Duration length) {
        this.faults = URI.create(simulator + "/faults");
        this.clock = clock;
        this.length = length;
    }

    /** The fault that is on; null if none is. */
    synchronized @Nullable Running running() {
        return running;
    }

    /**
     * Begins a fault, instead of any other.
     *
     * @throws ProblemException if the simulator does not answer; then nothing is changed
     */
    synchronized Running begin(DemoFault fault) {
        send(HttpRequest.newBuilder(faults).PUT(HttpRequest.BodyPublishers.ofString(fault.body)));
        Running begun = new Running(fault, clock.instant().plus(length));
        running = begun;
        healer.schedule(() -> end(begun), length.toMillis(), TimeUnit.MILLISECONDS);
        return begun;
    }

    /**
     * Ends whatever is on.
     *
     * @throws ProblemException if the simulator does not answer; then nothing is changed
     */
    synchronized void heal() {
        send(HttpRequest.newBuilder(faults).DELETE());
        running = null;
    }

    private synchronized void end(Running ended) {
        if (ended.equals(running)) {
            try {
                heal();
            } catch (ProblemException e) {
                healer.schedule(() -> end(ended), AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    @Override
    public void close() {
        healer.shutdownNow();
        http.shutdownNow();
    }

    private void send(HttpRequest.Builder request) {
        try {
            HttpResponse<Void> answer = http.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.discarding());
            if (answer.statusCode() != 200) {
                throw ProblemException.unavailable(
                        "The provider simulator answered " + answer.statusCode() + ".", PATIENCE);
            }
        } catch (IOException e) {
            throw ProblemException.unavailable("The provider simulator does not answer.", PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.unavailable("The service is ending.", PATIENCE);
        }
    }
}
