package io.baton.messaging;

import io.baton.messaging.BatchTransaction.Committed;
import io.baton.messaging.BatchTransaction.Expected;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Puts records into an application's messaging by hand, as a consumer would after a poll, and keeps what would be sent.
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
    private boolean crashes;

    /** What was said: its topic, its headers, and its body as bytes. */
    public record Said(String topic, Map<String, String> headers, byte[] body) {}

    /** The process died. Like the virtual machine's own errors, it is not taken for a record's fault. */
    private static final class Crash extends VirtualMachineError {
        private Crash() {
            super("The process dies before the commit");
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
                transactions, positions, codec, new MessageTraces(null), handlers, this::crashOnce);
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

    private void crashOnce(String point) {
        if (crashes && point.equals(CrashPoints.BEFORE_COMMIT)) {
            crashes = false;
            throw new Crash();
        }
    }

    /**
     * Handles the messages as one poll's records.
     *
     * @param crash the process dies before the commit, and its successor handles the same records
     * @throws IllegalArgumentException if the application reads no such topic
     */
    public List<Said> handle(List<OutgoingMessage> messages, boolean crash) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (OutgoingMessage message : messages) {
            TopicPartition partition = new TopicPartition(message.topic(), 0);
            Expected stands = expected.get(partition);
            if (stands == null) {
                throw new IllegalArgumentException("Expected a topic that the application reads but got "
                        + message.topic() + "; it reads " + expected.keySet());
            }
            long offset = offsets.merge(partition, stands.nextOffset(), (last, first) -> last + 1);
            records.add(record(offset, codec.encode(message, null)));
        }
        List<Committed> committed = new ArrayList<>();
        crashes = crash;
        try {
            batches.handle(records, expected, committed::add);
        } catch (Crash died) {
            batches.handle(records, expected, committed::add);
        }
        return committed.stream().flatMap(each -> each.output().stream()).map(BatchDriver::said).toList();
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
