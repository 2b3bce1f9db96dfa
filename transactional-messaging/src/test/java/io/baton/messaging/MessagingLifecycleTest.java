package io.baton.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import io.baton.contract.OrderId;
import io.baton.embedded.PostgresServer.Database;
import io.baton.messaging.Counting.Noted;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.support.GenericApplicationContext;

/** How the messaging starts and stops among the other parts of an application. On a real PostgreSQL. */
class MessagingLifecycleTest {

    private static Database database;
    private final List<MockProducer<byte[], byte[]>> producers = new CopyOnWriteArrayList<>();
    private BatchHarness harness;
    private OutboxRelay relay;
    private TransactionalOutbox outbox;

    @BeforeAll
    static void create() {
        database = Servers.newDatabase();
    }

    @BeforeEach
    void start() {
        harness = new BatchHarness(database);
        relay = new OutboxRelay(
                harness.outboxRows,
                new MessageSender(this::connect, CrashPoints.NONE),
                harness.transactions,
                Duration.ofSeconds(10),
                new OutboxBacklog(new SimpleMeterRegistry()));
        outbox = new TransactionalOutbox(harness.codec, harness.outboxRows, relay::accept, null);
    }

    @AfterEach
    void close() {
        harness.close();
    }

    private MockProducer<byte[], byte[]> connect() {
        MockProducer<byte[], byte[]> producer =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        producers.add(producer);
        return producer;
    }

    /**
     * The phases of Spring Boot's web server (it lets requests end in the first, and stops in the second) and of a
     * service's own loop.
     */
    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE - 1_024, Integer.MAX_VALUE - 2_048, 0})
    void what_is_said_while_the_rest_of_the_application_stops_is_sent(int phase) {
        GenericApplicationContext application = new GenericApplicationContext();
        application.registerBean(MessagingLifecycle.class, () -> lifecycle(null));
        application.registerBean(LastWords.class, () -> new LastWords(phase, () -> say(1)));
        application.refresh();

        application.close();

        assertThat(producers).singleElement().satisfies(producer -> {
            assertThat(producer.history()).hasSize(1);
            assertThat(producer.closed()).isTrue();
        });
        assertThat(harness.rows("messaging.outbox")).isZero();
    }

    @Test
    void what_was_stopped_can_be_started_again_with_connections_of_its_own() {
        MessagingLifecycle lifecycle = lifecycle(null);
        lifecycle.start();
        say(1);
        lifecycle.stop();
        lifecycle.start();
        say(2);
        lifecycle.stop();

        assertThat(producers).hasSize(2).allSatisfy(producer -> {
            assertThat(producer.history()).hasSize(1);
            assertThat(producer.closed()).isTrue();
        });
    }

    @Test
    void a_consumer_that_ends_by_an_error_of_the_virtual_machine_is_made_anew() {
        AtomicInteger made = new AtomicInteger();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        MessageConsumer reading = mock(MessageConsumer.class);
        doAnswer(call -> {
                    started.countDown();
                    stopped.await();
                    return null;
                })
                .when(reading)
                .run();
        doAnswer(call -> {
                    stopped.countDown();
                    return null;
                })
                .when(reading)
                .stop();
        MessagingLifecycle lifecycle = lifecycle(() -> {
            if (made.incrementAndGet() < 3) {
                throw new OutOfMemoryError("as if");
            }
            return reading;
        });

        lifecycle.start();

        await().until(() -> started.getCount() == 0);
        lifecycle.stop();
        assertThat(made).hasValue(3);
        assertThat(stopped.getCount()).isZero();
    }

    private MessagingLifecycle lifecycle(@Nullable Supplier<MessageConsumer> consumers) {
        return new MessagingLifecycle(
                mock(TopicSetup.class),
                consumers,
                new MessageSender(this::connect, CrashPoints.NONE),
                relay,
                () -> {},
                Duration.ofMillis(10));
    }

    private void say(int number) {
        harness.transactions.executeWithoutResult(status -> outbox.send(new OutgoingMessage(
                BatchHarness.EVENTS, "key", "id-" + number, new Noted(new OrderId(number), number))));
    }

    /** Says something when it is stopped, as a request does that was accepted just before. */
    private record LastWords(int getPhase, Runnable words) implements SmartLifecycle {

        @Override
        public void start() {}

        @Override
        public void stop() {
            words.run();
        }

        @Override
        public boolean isRunning() {
            return true;
        }
    }
}
