package io.baton.messaging;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Runs the consumer, the outbox's relay and the removal of old outcomes for as long as the application runs. A consumer
 * that ends for whatever reason is made anew; an application without handlers has none. It can be stopped and started
 * again, as contexts of tests are.
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

    /** A start has better things to do, and so has a test, whose sagas may bear ids of any time. */
    private static final Duration FORGET_DELAY = Duration.ofMinutes(10);

    private static final Duration FORGET_INTERVAL = Duration.ofSeconds(10);
    private static final Duration INTERRUPTED_MAX = Duration.ofSeconds(1);

    private final TopicSetup topics;
    private final @Nullable Supplier<MessageConsumer> consumers;
    private final MessageSender consumerSender;
    private final OutboxRelay relay;
    private final Runnable forgetting;
    private final Duration retryDelay;

    private volatile boolean running;
    private volatile @Nullable MessageConsumer consumer;
    private @Nullable Thread consumerThread;
    private @Nullable Thread relayThread;
    private @Nullable ScheduledExecutorService forgettingThread;

    /**
     * @param consumerSender through which the consumers speak
     * @param forgetting is run every ten seconds, but not soon after the start; it heeds an interrupt
     */
    MessagingLifecycle(
            TopicSetup topics,
            @Nullable Supplier<MessageConsumer> consumers,
            MessageSender consumerSender,
            OutboxRelay relay,
            Runnable forgetting,
            Duration retryDelay) {
        this.topics = topics;
        this.consumers = consumers;
        this.consumerSender = consumerSender;
        this.relay = relay;
        this.forgetting = forgetting;
        this.retryDelay = retryDelay;
    }

    @Override
    public void start() {
        running = true;
        relay.start();
        consumerThread = Thread.ofPlatform().name("messaging-consumer").start(this::consume);
        relayThread = Thread.ofPlatform().name("messaging-outbox").start(relay);
        forgettingThread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("messaging-retention").factory());
        forgettingThread.scheduleWithFixedDelay(
                forgetting, FORGET_DELAY.toSeconds(), FORGET_INTERVAL.toSeconds(), TimeUnit.SECONDS);
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
        ScheduledExecutorService forgets = forgettingThread;
        if (forgets != null) {
            // It is in the middle of a short transaction at most, and the pool outlives this.
            forgets.shutdownNow();
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
