package io.baton.messaging;

import io.baton.messaging.Bus.Sent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A steady stream of commands from a thread of its own, while something else goes wrong. */
final class Load implements AutoCloseable {

    private final Bus bus;
    private final List<Sent> sent = new ArrayList<>();
    private final Thread thread;
    private volatile boolean stopping;

    private Load(Bus bus, int perSecond) {
        this.bus = bus;
        this.thread = Thread.ofPlatform().daemon().name("load").start(() -> {
            while (!stopping) {
                synchronized (sent) {
                    sent.add(bus.count(7, 1));
                }
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1) / perSecond);
            }
        });
    }

    static Load start(Bus bus, int perSecond) {
        return new Load(bus, perSecond);
    }

    int sent() {
        synchronized (sent) {
            return sent.size();
        }
    }

    /** Ends the stream and returns the sagas whose command the broker has. */
    List<Long> stop() {
        close();
        return bus.acknowledged(sent);
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
