package io.baton.messaging;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages and waits until the broker has them all. Each sender has a producer of its own and serves one thread,
 * so waiting for one's own messages never means waiting for another's.
 */
final class MessageSender implements AutoCloseable {

    /** A dead letter carries a record of up to the broker's limit, and its origin beside it. */
    static final int REQUEST_BYTES_MAX = 4 * 1024 * 1024;

    private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

    /** What a broker, or the producer for it, says of one message and not of itself. */
    private static final Set<Class<?>> REFUSALS = Set.of(
            RecordTooLargeException.class,
            RecordBatchTooLargeException.class,
            InvalidRecordException.class,
            InvalidTopicException.class,
            TopicAuthorizationException.class);

    private final Supplier<? extends Producer<byte[], byte[]>> connect;
    private final CrashPoints crashPoints;
    private @Nullable Producer<byte[], byte[]> producer;

    /** @param connect is called at the first use, and again after {@link #close} */
    MessageSender(Supplier<? extends Producer<byte[], byte[]>> connect, CrashPoints crashPoints) {
        this.connect = connect;
        this.crashPoints = crashPoints;
    }

    /** A sender with a producer of its own. */
    static MessageSender connect(Map<String, Object> clientSettings, String clientId, CrashPoints crashPoints) {
        Map<String, Object> settings = new HashMap<>(clientSettings);
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // Never reached in earnest: flush() sends at once. It only keeps the first record from leaving alone.
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 50);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES_MAX);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        settings.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        return new MessageSender(() -> new KafkaProducer<>(settings), crashPoints);
    }

    /**
     * Returns when the broker has acknowledged every message. Messages with one key arrive in their order.
     *
     * @throws KafkaException if some message was not acknowledged within 30 seconds; any of them may have arrived, and
     *     sending them all again is right
     */
    void send(List<EncodedMessage> messages) {
        if (messages.isEmpty()) {
            return;
        }
        Producer<byte[], byte[]> producer = producer();
        AtomicReference<Exception> trouble = new AtomicReference<>();
        int half = messages.size() / 2;
        for (int i = 0; i < messages.size() && trouble.get() == null; i++) {
            if (i == half) {
                crashPoints.reached(CrashPoints.MID_SEND);
            }
            producer.send(messages.get(i).toRecord(), (metadata, exception) -> {
                if (exception != null) {
                    trouble.compareAndSet(null, exception);
                }
            });
        }
        producer.flush();
        Exception first = trouble.get();
        if (first != null) {
            throw new KafkaException("The broker did not take " + messages.size() + " messages", first);
        }
    }

    /** Whether some message is refused however often it is sent, while the broker may well take the others. */
    static boolean isRefusal(KafkaException failure) {
        return failure.getCause() != null && REFUSALS.contains(failure.getCause().getClass());
    }

    private synchronized Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> current = producer;
        if (current == null) {
            current = connect.get();
            producer = current;
        }
        return current;
    }

    /** Gives the connection back, soon even if messages are under way; the next use makes a new one. */
    @Override
    public synchronized void close() {
        Producer<byte[], byte[]> current = producer;
        producer = null;
        if (current != null) {
            current.close(CLOSE_MAX);
        }
    }
}
