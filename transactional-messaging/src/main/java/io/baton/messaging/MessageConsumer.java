package io.baton.messaging;

import io.baton.messaging.BatchTransaction.Committed;
import io.baton.messaging.BatchTransaction.Expected;
import io.baton.messaging.Positions.Advance;
import io.baton.messaging.Positions.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads a service's topics batch by batch. Where it stands is a row in the service's database that moves in the
 * transaction of the batch; what the batch has to say lies in that row until the next batch replaces it.
 *
 * <p>A partition is <em>loaded</em> before it is read: its row is read, its last output is sent again, and the consumer
 * goes where the row says. That happens when the partition is assigned and after any trouble whatsoever, so that there is
 * one way to recover, and it starts from what the database says. Until it succeeds the partition is paused, and polling
 * keeps this member in its group.
 *
 * <p>One thread runs a consumer. A crash at any moment repeats at most the last output of each partition.
 */
final class MessageConsumer implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(MessageConsumer.class);
    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);
    private static final Duration IDENTITY_INTERVAL = Duration.ofSeconds(5);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

    private final Consumer<byte[], byte[]> consumer;
    private final TopicSetup topics;
    private final Set<String> subscribed;
    private final BatchTransaction batches;
    private final Positions positions;
    private final TransactionTemplate transactions;
    private final MessageSender sender;
    private final MessagingMeters meters;
    private final CrashPoints crashPoints;
    private final Duration retryDelayMax;

    private final Map<TopicPartition, Expected> loaded = new HashMap<>();
    private final Set<TopicPartition> toLoad = new HashSet<>();
    private int failures;
    private long committedAtNanos = System.nanoTime();
    private long identifiedAtNanos = System.nanoTime();
    private volatile boolean stopping;

    MessageConsumer(
            Consumer<byte[], byte[]> consumer,
            TopicSetup topics,
            Set<String> subscribed,
            BatchTransaction batches,
            Positions positions,
            TransactionTemplate transactions,
            MessageSender sender,
            MessagingMeters meters,
            CrashPoints crashPoints,
            Duration retryDelayMax) {
        this.consumer = consumer;
        this.topics = topics;
        this.subscribed = subscribed;
        this.batches = batches;
        this.positions = positions;
        this.transactions = transactions;
        this.sender = sender;
        this.meters = meters;
        this.crashPoints = crashPoints;
        this.retryDelayMax = retryDelayMax;
    }

    /** Reads until {@link #stop}. Throws only what a new consumer may cure. */
    @Override
    public void run() {
        try {
            consumer.subscribe(subscribed, new Assignment());
            while (!stopping) {
                try {
                    round();
                } catch (WakeupException e) {
                    if (!stopping) {
                        throw e;
                    }
                }
            }
            handOver(Set.copyOf(loaded.keySet()));
            loaded.clear();
        } catch (RuntimeException | Error e) {
            // It may have come between a commit and its send: whoever closes must not take that output for sent.
            loaded.clear();
            throw e;
        } finally {
            close();
        }
    }

    /** Soon, also while the broker is away: it has nothing that the rows do not have. */
    private void close() {
        try {
            consumer.close(CloseOptions.timeout(CLOSE_MAX));
        } catch (KafkaException e) {
            log.debug("The consumer could not leave in good order; its partitions are given away without it", e);
        }
    }

    private void round() {
        try {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(pause());
            if (!records.isEmpty()) {
                handle(records);
            }
        } catch (InvalidOffsetException e) {
            // The broker no longer has, or does not have any more, what the row says: look again.
            reload(e.partitions());
        }
        identifyNowAndThen();
        if (!toLoad.isEmpty()) {
            load();
        }
    }

    /**
     * A topic that was deleted and made anew may have more records already than were read of the old one. Then the
     * client reads on in its middle without a word. The row still has the old topic's id, so nothing is lost by finding
     * it late.
     */
    private void identifyNowAndThen() {
        long now = System.nanoTime();
        if (now - identifiedAtNanos < IDENTITY_INTERVAL.toNanos() || loaded.isEmpty()) {
            return;
        }
        identifiedAtNanos = now;
        try {
            Map<String, String> ids = topics.ids(subscribed);
            Set<TopicPartition> strange = new HashSet<>();
            loaded.forEach((partition, expected) -> {
                if (!expected.topicId().equals(ids.get(partition.topic()))) {
                    strange.add(partition);
                }
            });
            reload(strange);
        } catch (KafkaException e) {
            log.debug("The topics' ids cannot be looked up now", e);
        }
    }

    void stop() {
        stopping = true;
        consumer.wakeup();
    }

    private Duration pause() {
        if (failures == 0) {
            return toLoad.isEmpty() ? Duration.ofMillis(500) : Duration.ofMillis(1);
        }
        long limit = Math.min(retryDelayMax.toMillis(), 50L << Math.min(failures, 10));
        return Duration.ofMillis(limit / 2 + ThreadLocalRandom.current().nextLong(limit / 2 + 1));
    }

    private void handle(ConsumerRecords<byte[], byte[]> records) {
        List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>(records.count());
        for (TopicPartition partition : records.partitions()) {
            if (loaded.containsKey(partition)) {
                batch.addAll(records.records(partition));
            }
        }
        if (batch.isEmpty()) {
            return;
        }
        try {
            meters.batch(batch.size(), () -> batches.handle(batch, loaded, this::publish));
            failures = 0;
            commitNowAndThen();
        } catch (LostRaceException e) {
            log.info("{}; starting over from the stored positions", e.getMessage());
            reload(records.partitions());
        } catch (WakeupException e) {
            throw e;
        } catch (RuntimeException e) {
            failures++;
            meters.trouble();
            log.warn(
                    "A batch of {} records could not be handled ({}). Its transaction is rolled back or its output not"
                            + " sent; it is tried again from the stored positions",
                    batch.size(),
                    summary(e));
            log.debug("The trouble in full", e);
            reload(records.partitions());
        }
    }

    private void publish(Committed committed) {
        if (committed.parked() > 0) {
            meters.parked(committed.parked());
            log.error("{} records could not be handled and are now dead letters; their headers say why", committed.parked());
        }
        sender.send(committed.output());
        crashPoints.reached(CrashPoints.AFTER_SEND);
    }

    private void reload(Collection<TopicPartition> partitions) {
        Set<TopicPartition> mine = new HashSet<>(partitions);
        mine.retainAll(consumer.assignment());
        consumer.pause(mine);
        toLoad.addAll(mine);
        mine.forEach(loaded::remove);
    }

    private void load() {
        Set<TopicPartition> wanted = Set.copyOf(toLoad);
        try {
            if (failures > 0) {
                // A broker that lost its disk lost the topics too.
                topics.create();
            }
            Map<String, String> topicIds = topics.ids(subscribed);
            Map<TopicPartition, String> ids = new HashMap<>();
            for (TopicPartition partition : wanted) {
                ids.put(partition, Objects.requireNonNull(topicIds.get(partition.topic())));
            }
            Map<TopicPartition, Stored> stored =
                    Objects.requireNonNull(transactions.execute(status -> positions.load(ids)));
            List<EncodedMessage> unsent = new ArrayList<>();
            stored.values().forEach(row -> EncodedMessage.unpack(row.output())
                    // One that an earlier version stored may be too large; it held its partition up for ever.
                    .forEach(message -> unsent.add(DeadLetterSize.fit(message))));
            if (!unsent.isEmpty()) {
                sender.send(unsent);
                meters.repeated(unsent.size());
            }
            Map<TopicPartition, Long> starts = starts(stored, ids);
            start(stored, starts, ids);
            starts.forEach((partition, offset) -> {
                consumer.seek(partition, offset);
                loaded.put(partition, new Expected(offset, ids.get(partition)));
            });
            consumer.resume(wanted);
            toLoad.removeAll(wanted);
            failures = 0;
        } catch (WakeupException e) {
            throw e;
        } catch (RuntimeException e) {
            if (!InfrastructureTrouble.isCauseOf(e)) {
                throw e;
            }
            failures++;
            meters.trouble();
            log.warn("Positions cannot be loaded yet ({}); nothing is read until they are", summary(e));
        }
    }

    /**
     * Makes the rows agree with where reading starts, or the first batch would take itself for a zombie.
     *
     * @throws LostRaceException if a row has moved since it was read: it must not be moved back
     */
    private void start(
            Map<TopicPartition, Stored> stored, Map<TopicPartition, Long> starts, Map<TopicPartition, String> ids) {
        List<Advance> moves = new ArrayList<>();
        starts.forEach((partition, offset) -> {
            Stored row = stored.get(partition);
            String id = ids.get(partition);
            if (offset != row.nextOffset() || !id.equals(row.topicId())) {
                moves.add(new Advance(partition, offset, id, row.output()));
            }
        });
        if (moves.isEmpty()) {
            return;
        }
        transactions.executeWithoutResult(status -> {
            Set<TopicPartition> moving = new HashSet<>();
            moves.forEach(move -> moving.add(move.partition()));
            positions.lock(moving).nextOffsets().forEach((partition, offset) -> {
                if (offset != stored.get(partition).nextOffset()) {
                    throw new LostRaceException("Expected " + partition + " to stand still but it is read elsewhere");
                }
            });
            positions.save(moves);
        });
    }

    /** Where to read on. The row is right unless the topic was made anew or the broker lost or deleted records. */
    private Map<TopicPartition, Long> starts(Map<TopicPartition, Stored> stored, Map<TopicPartition, String> ids) {
        Map<TopicPartition, Long> first = consumer.beginningOffsets(stored.keySet());
        Map<TopicPartition, Long> end = consumer.endOffsets(stored.keySet());
        Map<TopicPartition, Long> starts = new HashMap<>();
        stored.forEach((partition, row) -> {
            long beginning = first.get(partition);
            if (row.nextOffset() == Positions.NEVER_READ) {
                starts.put(partition, beginning);
            } else if (!row.topicId().equals(ids.get(partition)) || row.nextOffset() > end.get(partition)) {
                log.error(
                        "The broker no longer has {} as it was read up to {}; reading it from its beginning. What was"
                                + " handled before has no second effect",
                        partition,
                        row.nextOffset());
                starts.put(partition, beginning);
            } else if (row.nextOffset() < beginning) {
                meters.lost(beginning - row.nextOffset());
                log.error(
                        "The broker deleted {} records of {} before they were read; sagas that waited for them go on by"
                                + " their timeouts. Raise the topic's retention",
                        beginning - row.nextOffset(),
                        partition);
                starts.put(partition, beginning);
            } else {
                starts.put(partition, row.nextOffset());
            }
        });
        return starts;
    }

    private void commitNowAndThen() {
        long now = System.nanoTime();
        if (now - committedAtNanos >= COMMIT_INTERVAL.toNanos()) {
            committedAtNanos = now;
            consumer.commitAsync(offsets(loaded.keySet()), (offsets, exception) -> {});
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            Expected expected = loaded.get(partition);
            if (expected != null) {
                offsets.put(partition, new OffsetAndMetadata(expected.nextOffset()));
            }
        }
        return offsets;
    }

    /** Everything is sent when this runs, so the next owner need not repeat it. If this fails, it does. */
    private void handOver(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> handedOver = new HashMap<>();
        for (TopicPartition partition : partitions) {
            Expected expected = loaded.get(partition);
            if (expected != null) {
                handedOver.put(partition, expected.nextOffset());
            }
        }
        if (handedOver.isEmpty()) {
            return;
        }
        try {
            transactions.executeWithoutResult(status -> positions.clearOutput(handedOver));
        } catch (RuntimeException e) {
            log.info("Partitions are handed over with their last output ({}); the next owner repeats it", summary(e));
        }
        try {
            consumer.commitSync(offsets(handedOver.keySet()), Duration.ofSeconds(1));
        } catch (RuntimeException e) {
            log.debug("The broker was not told the last offsets; the rows are what counts", e);
        }
    }

    private static String summary(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = e == cause ? "" : " by " + cause.getClass().getSimpleName();
        return e.getClass().getSimpleName() + message + ": " + cause.getMessage();
    }

    private final class Assignment implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            consumer.pause(partitions);
            toLoad.addAll(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            handOver(partitions);
            forget(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            forget(partitions);
        }

        private void forget(Collection<TopicPartition> partitions) {
            partitions.forEach(loaded::remove);
            toLoad.removeAll(Set.copyOf(partitions));
        }
    }
}
