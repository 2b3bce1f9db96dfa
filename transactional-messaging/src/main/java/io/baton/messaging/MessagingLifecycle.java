package io.baton.messaging;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Runs the consumer and the outbox's relay for as long as the application runs. A consumer that ends for whatever reason
 * is made anew; an application without handlers has none. It can be stopped and started again, as contexts of tests are.
 */
final class MessagingLifecycle implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(MessagingLifecycle.class);

    /**
     * Starts before and stops after whatever speaks through the outbox or waits for what is read here: the web server
     * (some 2 billion) and the services' own loops (zero and more).
     */
    static final int PHASE = -1_000;

    /** For both threads together; what is closed after them has limits of its own. */
    private static final Duration STOP_MAX = Duration.ofSeconds(5);

    private static final Duration INTERRUPTED_MAX = Duration.ofSeconds(1);

    private final TopicSetup topics;
    private final @Nullable Supplier<MessageConsumer> consumers;
    private final MessageSender consumerSender;
    private final OutboxRelay relay;
    private final Duration retryDelay;

    private volatile boolean running;
    private volatile @Nullable MessageConsumer consumer;
    private @Nullable Thread consumerThread;
    private @Nullable Thread relayThread;

    /** @param consumerSender through which the consumers speak */
    MessagingLifecycle(
            TopicSetup topics,
            @Nullable Supplier<MessageConsumer> consumers,
            MessageSender consumerSender,
            OutboxRelay relay,
            Duration retryDelay) {
        this.topics = topics;
        this.consumers = consumers;
        this.consumerSender = consumerSender;
        this.relay = relay;
        this.retryDelay = retryDelay;
    }

    @Override
    public void start() {
        running = true;
        relay.start();
        consumerThread = Thread.ofPlatform().name("messaging-consumer").start(this::consume);
        relayThread = Thread.ofPlatform().name("messaging-outbox").start(relay);
    }

    private void consume() {
        boolean created = false;
        while (running) {
            try {
                if (!created) {
                    topics.create();
                    created = true;
                }
                Supplier<MessageConsumer> supplier = consumers;
                if (supplier == null) {
                    return;
                }
                MessageConsumer current = supplier.get();
                consumer = current;
                if (running) {
                    current.run();
                }
            } catch (RuntimeException | Error e) {
                if (running) {
                    log.error("The consumer ended; it is made anew in {} ms and starts from the stored positions",
                            retryDelay.toMillis(), e);
                    pause();
                }
            }
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(retryDelay.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
        }
    }

    @Override
    public void stop() {
        running = false;
        relay.stop();
        MessageConsumer current = consumer;
        if (current != null) {
            current.stop();
        }
        long until = System.nanoTime() + STOP_MAX.toNanos();
        join(consumerThread, until);
        join(relayThread, until);
        consumerSender.close();
        relay.close();
        topics.close();
    }

    private static void join(@Nullable Thread thread, long untilNanos) {
        if (thread == null) {
            return;
        }
        try {
            if (!thread.join(Duration.ofNanos(untilNanos - System.nanoTime()))) {
                thread.interrupt();
                thread.join(INTERRUPTED_MAX);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
