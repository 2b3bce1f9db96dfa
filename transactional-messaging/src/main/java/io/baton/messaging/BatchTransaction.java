package io.baton.messaging;

import io.baton.messaging.Positions.Advance;
import io.baton.messaging.Positions.Locked;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Handles records in one transaction with their positions and everything they have to say. A batch that cannot be
 * handled is halved until the record that is at fault stands alone; that one is tried once more and becomes a dead letter.
 * It makes no difference whether it fails by an exception or by an error, unless the virtual machine itself is at its end.
 */
final class BatchTransaction {

    private static final Logger log = LoggerFactory.getLogger(BatchTransaction.class);

    private final TransactionTemplate transactions;
    private final Positions positions;
    private final MessageCodec codec;
    private final MessageTraces traces;
    private final List<BatchHandler> batchHandlers;
    private final Map<String, BatchHandler> handlers;
    private final CrashPoints crashPoints;

    /** Where each partition of a batch must stand, and which topic that is. */
    record Expected(long nextOffset, String topicId) {}

    /** What was committed, and is now to be sent. */
    record Committed(List<EncodedMessage> output, Map<TopicPartition, Long> nextOffsets, int parked) {}

    /** Takes what one transaction committed, before the next one starts. */
    interface Sink {
        void committed(Committed committed);
    }

    BatchTransaction(
            TransactionTemplate transactions,
            Positions positions,
            MessageCodec codec,
            MessageTraces traces,
            List<BatchHandler> batchHandlers,
            CrashPoints crashPoints) {
        this.transactions = transactions;
        this.positions = positions;
        this.codec = codec;
        this.traces = traces;
        this.crashPoints = crashPoints;
        this.batchHandlers = List.copyOf(batchHandlers);
        this.handlers = new HashMap<>();
        for (BatchHandler handler : batchHandlers) {
            for (String topic : handler.topics()) {
                if (handlers.put(topic, handler) != null) {
                    throw new IllegalStateException("Expected one batch handler for topic " + topic + " but found two");
                }
            }
        }
    }

    /**
     * Handles all records, in one transaction if that is possible. Each commit is told to {@code sink}.
     *
     * @param expected is advanced with each commit
     * @throws LostRaceException if a position is not where it is expected: the partition has a new owner; the
     *     transactions that were told to the sink stand, nothing else does
     * @throws RuntimeException trouble of the infrastructure, with the same consequence
     * @throws VirtualMachineError if this process is in trouble, as without memory, with the same consequence
     */
    void handle(List<ConsumerRecord<byte[], byte[]>> records, Map<TopicPartition, Expected> expected, Sink sink) {
        Committed committed;
        try {
            committed = transact(expected, records, (locked, output) -> dispatch(records, locked, output));
        } catch (RuntimeException | Error e) {
            if (InfrastructureTrouble.isCauseOf(e)) {
                throw e;
            }
            if (records.size() == 1) {
                committed = onceMore(records.getFirst(), expected);
            } else {
                int middle = records.size() / 2;
                handle(records.subList(0, middle), expected, sink);
                handle(records.subList(middle, records.size()), expected, sink);
                return;
            }
        }
        crashPoints.reached(CrashPoints.AFTER_COMMIT);
        committed.nextOffsets.forEach((partition, offset) ->
                expected.computeIfPresent(partition, (p, was) -> new Expected(offset, was.topicId)));
        sink.committed(committed);
    }

    /**
     * Tries a record once more, and puts it aside if it fails again. Some trouble is over by then that does not say so of
     * itself, as a statement that was prepared before somebody else altered its table.
     */
    private Committed onceMore(ConsumerRecord<byte[], byte[]> record, Map<TopicPartition, Expected> expected) {
        List<ConsumerRecord<byte[], byte[]>> alone = List.of(record);
        try {
            return transact(expected, alone, (locked, output) -> dispatch(alone, locked, output));
        } catch (RuntimeException | Error e) {
            if (InfrastructureTrouble.isCauseOf(e)) {
                throw e;
            }
            log.error("The record {}-{}@{} cannot be handled and becomes a dead letter",
                    record.topic(), record.partition(), record.offset(), e);
            return park(record, expected, e);
        }
    }

    /** Puts a record aside, and tells its topic's handler, unless that makes trouble too. */
    private Committed park(
            ConsumerRecord<byte[], byte[]> poison, Map<TopicPartition, Expected> expected, Throwable trouble) {
        String reason = reason(trouble);
        try {
            return transact(expected, List.of(poison), (locked, output) -> {
                output.park(poison, trouble.getClass().getName(), reason);
                handlerOf(poison.topic()).parked(MessageCodec.parked(poison, reason), locked.now(), output);
            });
        } catch (RuntimeException | Error e) {
            if (InfrastructureTrouble.isCauseOf(e)) {
                throw e;
            }
            log.error("Nobody could be told of the dead letter", e);
            return transact(
                    expected, List.of(poison), (_, output) -> output.park(poison, trouble.getClass().getName(), reason));
        }
    }

    private interface Work {
        void in(Locked locked, CollectedOutput output);
    }

    private Committed transact(
            Map<TopicPartition, Expected> expected, List<ConsumerRecord<byte[], byte[]>> records, Work work) {
        Map<TopicPartition, Long> next = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            next.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
        }
        CollectedOutput output = new CollectedOutput(codec, traces);
        CollectedOutput.bind(output);
        try {
            return java.util.Objects.requireNonNull(transactions.execute(status -> {
                Locked locked = positions.lock(next.keySet());
                requireExpected(locked, next, expected);
                work.in(locked, output);
                List<Advance> advances = new ArrayList<>(next.size());
                next.forEach((partition, offset) -> advances.add(new Advance(
                        partition, offset, expected.get(partition).topicId, output.packed(partition))));
                positions.save(advances);
                crashPoints.reached(CrashPoints.BEFORE_COMMIT);
                return new Committed(output.all(), next, output.parkedCount());
            }));
        } finally {
            CollectedOutput.unbind();
            traces.close();
        }
    }

    private static void requireExpected(
            Locked locked, Map<TopicPartition, Long> next, Map<TopicPartition, Expected> expected) {
        for (TopicPartition partition : next.keySet()) {
            Long stored = locked.nextOffsets().get(partition);
            long known = expected.get(partition).nextOffset;
            if (stored == null || stored != known) {
                throw new LostRaceException("Expected " + partition + " to stand at " + known + " but it stands at "
                        + stored + ": another instance reads it now");
            }
        }
    }

    private void dispatch(List<ConsumerRecord<byte[], byte[]>> records, Locked locked, CollectedOutput output) {
        Map<BatchHandler, List<IncomingMessage>> shares = new HashMap<>();
        List<ParkedRecord> parked = new ArrayList<>(0);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                IncomingMessage message = codec.decode(record);
                output.know(message, record);
                traces.open(message);
                shares.computeIfAbsent(handlerOf(record.topic()), h -> new ArrayList<>()).add(message);
            } catch (MalformedMessageException e) {
                output.park(record, e.getClass().getName(), reason(e));
                parked.add(MessageCodec.parked(record, reason(e)));
            }
        }
        // Two instances must not lock what commands need and what events need in different orders, so the order is not
        // that in which records happened to arrive, and all is prepared before anything is handled.
        List<Runnable> prepared = new ArrayList<>(shares.size());
        for (BatchHandler handler : batchHandlers) {
            List<IncomingMessage> share = shares.get(handler);
            if (share != null) {
                prepared.add(handler.prepare(share, locked.now(), output));
            }
        }
        prepared.forEach(Runnable::run);
        parked.forEach(record -> handlerOf(record.topic()).parked(record, locked.now(), output));
    }

    private BatchHandler handlerOf(String topic) {
        BatchHandler handler = handlers.get(topic);
        if (handler == null) {
            throw new IllegalStateException("Expected only subscribed topics but got a record of " + topic);
        }
        return handler;
    }

    /** Only our own exceptions are known to hold no personal data in their text. */
    private static String reason(Throwable e) {
        return e instanceof MalformedMessageException
                ? String.valueOf(e.getMessage())
                : "Handling failed with " + e.getClass().getSimpleName() + "; the log of the service has the trace";
    }
}
