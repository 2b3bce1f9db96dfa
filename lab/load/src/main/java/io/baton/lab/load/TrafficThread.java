package io.baton.lab.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Runs {@link OrderTraffic} and keeps what it failed with. */
final class TrafficThread {

    private final Thread thread;
    private volatile @Nullable RuntimeException failure;

    TrafficThread(OrderTraffic traffic) {
        thread = Thread.ofPlatform().name("order-traffic").daemon().unstarted(() -> {
            try {
                traffic.run();
            } catch (IOException e) {
                failure = new UncheckedIOException(e);
            } catch (RuntimeException e) {
                failure = e;
            }
        });
    }

    void start() {
        thread.start();
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    void join(Duration atMost) throws InterruptedException {
        thread.join(atMost);
    }

    /** Waits for the end and throws what the traffic failed with, if it did. */
    void finish() throws InterruptedException {
        thread.join();
        RuntimeException failed = failure;
        if (failed != null) {
            throw failed;
        }
    }
}
