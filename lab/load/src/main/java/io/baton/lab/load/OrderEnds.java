package io.baton.lab.load;

import io.baton.contract.Contract;
import io.baton.contract.MessageHeaders;
import io.baton.contract.MessageType;
import io.baton.contract.Topics;
import io.baton.contract.Tsid;
import io.baton.contract.order.OrderCancelled;
import io.baton.contract.order.OrderCompleted;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Hears of orders that ended from {@link Topics#ORDER_EVENTS}, on a thread of its own, from the moment at which
 * {@link #awaitReady} returns. It belongs to no group and commits nothing. Outlives a broker that goes away.
 */
final class OrderEnds implements AutoCloseable {

    /** One order's end; {@code nanoTime} is when its event arrived. */
    record End(long orderId, boolean completed, long nanoTime) {}

    private static final Duration POLL = Duration.ofMillis(200);
    private static final byte[] COMPLETED = typeName(OrderCompleted.class);
    private static final byte[] CANCELLED = typeName(OrderCancelled.class);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Consumer<List<End>> listener;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean closed;

    /** @param listener called on this one's thread */
    OrderEnds(String bootstrapServers, Consumer<List<End>> listener) {
        this.listener = listener;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ConsumerConfig.CLIENT_ID_CONFIG, "load",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest",
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false,
                        ConsumerConfig.CHECK_CRCS_CONFIG, false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.thread = Thread.ofPlatform().name("order-ends").daemon().start(this::listen);
    }

    /**
     * Waits until no end can be missed any more.
     *
     * @throws IllegalStateException if that takes longer than {@code atMost}
     */
    void awaitReady(Duration atMost) throws InterruptedException {
        if (!ready.await(atMost.toNanos(), java.util.concurrent.TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException(
                    "Expected to read the topic " + Topics.ORDER_EVENTS + " within " + atMost.toSeconds() + " s");
        }
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen() {
        try (consumer) {
            while (!closed) {
                try {
                    if (ready.getCount() > 0) {
                        if (!assignAtEnd()) {
                            continue;
                        }
                        ready.countDown();
                    }
                    hear(consumer.poll(POLL));
                } catch (WakeupException e) {
                    // Only close() wakes it up.
                } catch (KafkaException e) {
                    LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
                }
            }
        }
    }

    private boolean assignAtEnd() {
        List<PartitionInfo> partitions = consumer.partitionsFor(Topics.ORDER_EVENTS);
        if (partitions == null || partitions.isEmpty()) {
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
            return false;
        }
        List<TopicPartition> all = partitions.stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(all);
        // Explicit positions: seekToEnd alone would be looked up only by the first poll.
        consumer.endOffsets(all).forEach(consumer::seek);
        return true;
    }

    private void hear(ConsumerRecords<byte[], byte[]> records) {
        if (records.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        List<End> ends = new ArrayList<>(records.count());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Header type = record.headers().lastHeader(MessageHeaders.TYPE);
            if (type == null || record.key() == null) {
                continue;
            }
            boolean completed = Arrays.equals(type.value(), COMPLETED);
            if (completed || Arrays.equals(type.value(), CANCELLED)) {
                try {
                    ends.add(new End(
                            Tsid.parse(new String(record.key(), StandardCharsets.ISO_8859_1)), completed, now));
                } catch (IllegalArgumentException e) {
                    // Not an order of ours.
                }
            }
        }
        listener.accept(ends);
    }

    private static byte[] typeName(Class<?> body) {
        return Contract.MESSAGES.stream()
                .filter(type -> type.body() == body)
                .map(MessageType::name)
                .findFirst()
                .orElseThrow()
                .getBytes(StandardCharsets.UTF_8);
    }
}
