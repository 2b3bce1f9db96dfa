package io.baton.messaging;

import io.baton.messaging.BatchTransaction.Expected;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Puts records into an application's messaging by hand, as a consumer would after a poll, and keeps what would be sent.
 * The process that does so may die or stand still, and another take over from the stored positions.
 * Stands in this package because it drives what nobody outside should. Tests use it through the participant kit.
 */
public final class BatchDriver {

    private static final String TOPIC_ID = "test";
    private static final AtomicInteger DRIVERS = new AtomicInteger();

    private final MessageCodec codec;
    private final TransactionTemplate transactions;
    private final Positions positions;
    private final BatchTransaction batches;
    private final Map<TopicPartition, Expected> expected = new HashMap<>();
    private @Nullable String deathAt;

    /** What befalls the process that handles a batch. */
    public enum Mishap {
        NONE,
        /** It dies before its commit; its successor reads on from the stored positions. */
        DIES_BEFORE_COMMIT,
        /** It dies after its commit, before anything is sent; its successor sends it and reads on from there. */
        DIES_AFTER_COMMIT,
        /** It stands still before it begins, its successor handles the batch, and then it goes on. */
        STANDS_STILL
    }

    /** What was said: its topic, its headers, and its body as bytes. */
    public record Said(String topic, Map<String, String> headers, byte[] body) {}

    /** The process died. Like the virtual machine's own errors, it is not taken for a record's fault. */
    private static final class Crash extends VirtualMachineError {
        private Crash() {
            super("The process dies");
        }
    }

    /** @param application has the transactional messaging, with its handlers, on a database */
    public BatchDriver(BeanFactory application) {
        JdbcOperations jdbc = application.getBean(JdbcOperations.class);
        codec = application.getBean(MessageCodec.class);
        transactions = new TransactionTemplate(application.getBean(PlatformTransactionManager.class));
        positions = new Positions(jdbc, "batch-driver-" + DRIVERS.incrementAndGet(), Duration.ofSeconds(30));
        List<BatchHandler> handlers = Stream.of(
                        application.getBean(CommandReceiver.class), application.getBean(EventReceiver.class))
                .filter(handler -> !handler.topics().isEmpty())
                .toList();
        batches = new BatchTransaction(
                transactions, positions, codec, new MessageTraces(null), handlers, this::dieOnce);
        Set<String> topics = new TreeSet<>();
        handlers.forEach(handler -> topics.addAll(handler.topics()));
        topics.forEach(this::begin);
    }

    private void begin(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        transactions.executeWithoutResult(status -> {
            positions.load(Map.of(partition, TOPIC_ID));
            positions.save(List.of(new Positions.Advance(partition, 0, TOPIC_ID, null)));
        });
        expected.put(partition, new Expected(0, TOPIC_ID));
    }

    private void dieOnce(String point) {
        if (point.equals(deathAt)) {
            deathAt = null;
            throw new Crash();
        }
    }

    /**
     * Handles the messages as one poll's records.
     *
     * @throws IllegalArgumentException if the application reads no such topic
     * @throws IllegalStateException if a process says something that it must not say: before its commit, or after its
     *     successor has taken over
     */
    public List<Said> handle(List<OutgoingMessage> messages, Mishap mishap) {
        return handleRecords(messages.stream().map(message -> codec.encode(message, null)).toList(), mishap);
    }

    /** Handles a message of which only the key and the headers can be read. */
    public List<Said> handleDamaged(OutgoingMessage message, Mishap mishap) {
        EncodedMessage whole = codec.encode(message, null);
        byte[] damaged = "{".getBytes(StandardCharsets.UTF_8);
        return handleRecords(
                List.of(new EncodedMessage(whole.topic(), whole.key(), whole.headers(), damaged)), mishap);
    }

    private List<Said> handleRecords(List<EncodedMessage> messages, Mishap mishap) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (EncodedMessage message : messages) {
            TopicPartition partition = new TopicPartition(message.topic(), 0);
            Expected stands = expected.get(partition);
            if (stands == null) {
                throw new IllegalArgumentException("Expected a topic that the application reads but got "
                        + message.topic() + "; it reads " + expected.keySet());
            }
            long offset = offsets.merge(partition, stands.nextOffset(), (last, first) -> last + 1);
            records.add(record(offset, message));
        }
        List<EncodedMessage> said = new ArrayList<>();
        Map<TopicPartition, Expected> before = new HashMap<>(expected);
        deathAt = switch (mishap) {
            case DIES_BEFORE_COMMIT -> CrashPoints.BEFORE_COMMIT;
            case DIES_AFTER_COMMIT -> CrashPoints.AFTER_COMMIT;
            case NONE, STANDS_STILL -> null;
        };
        try {
            batches.handle(records, expected, committed -> said.addAll(committed.output()));
        } catch (Crash died) {
            if (!said.isEmpty()) {
                throw new IllegalStateException("Expected a process that died before it sent anything to have said "
                        + "nothing but it said " + said.size() + " messages");
            }
            said.addAll(takeOver());
            records.removeIf(record -> record.offset()
                    < expected.get(new TopicPartition(record.topic(), record.partition())).nextOffset());
            if (!records.isEmpty()) {
                batches.handle(records, expected, committed -> said.addAll(committed.output()));
            }
        }
        if (mishap == Mishap.STANDS_STILL) {
            goOn(records, before);
        }
        return said.stream().map(BatchDriver::said).toList();
    }

    /** Reads where the positions stand, as a consumer does that gets partitions, and what its predecessor had to say. */
    private List<EncodedMessage> takeOver() {
        Map<TopicPartition, String> ids = new HashMap<>();
        expected.keySet().forEach(partition -> ids.put(partition, TOPIC_ID));
        List<EncodedMessage> unsent = new ArrayList<>();
        Objects.requireNonNull(transactions.execute(status -> positions.load(ids))).forEach((partition, row) -> {
            if (row.nextOffset() > expected.get(partition).nextOffset()) {
                unsent.addAll(EncodedMessage.unpack(row.output()));
            }
            expected.put(partition, new Expected(row.nextOffset(), TOPIC_ID));
        });
        return unsent;
    }

    /** Lets the process that stood still go on with what it had read. */
    private void goOn(List<ConsumerRecord<byte[], byte[]>> records, Map<TopicPartition, Expected> itsPositions) {
        try {
            batches.handle(records, itsPositions, _ -> {});
        } catch (LostRaceException noLongerTheOwner) {
            return;
        }
        throw new IllegalStateException("Expected a process whose partitions went to another to be kept from handling"
                + " its records but it handled them");
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, EncodedMessage message) {
        return new ConsumerRecord<>(
                message.topic(),
                0,
                offset,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                message.key(),
                message.value(),
                new RecordHeaders(message.headers()),
                Optional.empty());
    }

    private static Said said(EncodedMessage message) {
        Map<String, String> headers = new HashMap<>();
        message.headers().forEach(h -> headers.put(h.key(), new String(h.value(), StandardCharsets.UTF_8)));
        return new Said(message.topic(), headers, message.value() == null ? new byte[0] : message.value());
    }
}
