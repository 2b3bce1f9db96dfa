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
 * is made anew; an application without handlers has none.
 */
final class MessagingLifecycle implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(MessagingLifecycle.class);
    private static final Duration STOP_MAX = Duration.ofSeconds(5);

    private final TopicSetup topics;
    private final @Nullable Supplier<MessageConsumer> consumers;
    private final OutboxRelay relay;
    private final Duration retryDelay;

    private volatile boolean running;
    private volatile @Nullable MessageConsumer consumer;
    private @Nullable Thread consumerThread;
    private @Nullable Thread relayThread;

    MessagingLifecycle(
            TopicSetup topics,
            @Nullable Supplier<MessageConsumer> consumers,
            OutboxRelay relay,
            Duration retryDelay) {
        this.topics = topics;
        this.consumers = consumers;
        this.relay = relay;
        this.retryDelay = retryDelay;
    }

    @Override
    public void start() {
        running = true;
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
        join(consumerThread);
        join(relayThread);
        topics.close();
    }

    private static void join(@Nullable Thread thread) {
        if (thread == null) {
            return;
        }
        try {
            if (!thread.join(STOP_MAX)) {
                thread.interrupt();
                thread.join(Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
