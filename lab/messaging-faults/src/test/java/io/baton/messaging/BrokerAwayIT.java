package io.baton.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.baton.embedded.KafkaBroker;
import io.baton.messaging.TransactionalMessagingAutoConfiguration.KafkaClientSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What it costs to wait for a broker that is away. On a real broker that is killed. */
class BrokerAwayIT {

    private static final Set<String> NAMES = Set.of("broker-away");
    private static final int LINES_PER_SECOND_MAX = 20;

    /** Its consumer and its producer each say three things about each try, the most of them in the first second. */
    private static final int LINES_OF_A_SERVICE_PER_SECOND_MAX = 30;

    /** Well under the 30 s after which platforms kill. */
    private static final Duration STOP_MAX = Duration.ofSeconds(15);

    /** The admin client's default once wrote more than 500 lines a second here. */
    @Test
    void looking_for_a_broker_that_is_away_writes_few_lines_and_finds_it_when_it_is_back() {
        KafkaBroker kafka = Servers.kafka();
        KafkaClientSettings settings = new KafkaClientSettings(
                Map.of("bootstrap.servers", kafka.bootstrapServers()), "broker-away", "broker-away");
        try (TopicSetup topics = new TopicSetup(() -> Admin.create(settings.admin()), NAMES, 1, (short) 1)) {
            topics.create();
            String id = awaitId(topics);

            kafka.kill();
            try (Lines lines = new Lines()) {
                long killed = System.nanoTime();
                assertThatExceptionOfType(KafkaException.class).isThrownBy(() -> topics.ids(NAMES));
                assertThatExceptionOfType(KafkaException.class).isThrownBy(() -> topics.ids(NAMES));
                double seconds = (System.nanoTime() - killed) / 1e9;
                assertThat(seconds).as("long enough to tell").isGreaterThan(5);
                assertThat(lines.count() / seconds).isLessThan(LINES_PER_SECOND_MAX);
            } finally {
                kafka.start();
            }

            assertThat(awaitId(topics)).isEqualTo(id);
        }
    }

    private static String awaitId(TopicSetup topics) {
        return await().atMost(Duration.ofSeconds(30))
                .ignoreExceptionsInstanceOf(KafkaException.class)
                .until(() -> topics.ids(NAMES).get("broker-away"), Objects::nonNull);
    }

    @Test
    void a_service_whose_broker_is_away_writes_few_lines_and_ends_within_seconds() {
        KafkaBroker kafka = Servers.kafka();
        try (Bus bus = new Bus(kafka, "away", 3);
                Instance instance = Instance.start(
                        Servers.newDatabase(), kafka, bus.topic, Map.of("logging.level.org.apache.kafka", "INFO"))) {
            bus.awaitReplies(bus.count(30));

            kafka.kill();
            try {
                long killed = System.nanoTime();
                long before = instance.log().lines().count();
                bus.await().until(() -> instance.log().lines().count() - before >= 200);
                double seconds = (System.nanoTime() - killed) / 1e9;
                assertThat((instance.log().lines().count() - before) / seconds)
                        .isLessThan(LINES_OF_A_SERVICE_PER_SECOND_MAX);

                long asked = System.nanoTime();
                instance.stop();
                assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(STOP_MAX);
            } finally {
                kafka.start();
            }
        }
    }

    /** Counts what Kafka's clients log. */
    private static final class Lines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

        private final Logger kafka = (Logger) LoggerFactory.getLogger("org.apache.kafka");
        private final Level before = kafka.getLevel();
        private final AtomicInteger count = new AtomicInteger();

        Lines() {
            start();
            kafka.setLevel(Level.INFO);
            kafka.setAdditive(false);
            kafka.addAppender(this);
        }

        int count() {
            return count.get();
        }

        @Override
        protected void append(ILoggingEvent event) {
            count.incrementAndGet();
        }

        @Override
        public void close() {
            kafka.detachAppender(this);
            kafka.setAdditive(true);
            kafka.setLevel(before);
        }
    }
}
