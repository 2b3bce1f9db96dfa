package io.baton.lab.check;

import io.baton.contract.MessageHeaders;
import io.baton.contract.Topics;
import io.baton.lab.check.Positions.Reading;
import io.baton.lab.check.StackDescription.Service;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/** P23 to P25: what is said is sent, what is sent is heard, and what cannot be heard is put aside. */
final class MessagingPromises implements Promises {

    private final Evidence outboxes = new Evidence("P23", "what was committed was sent");
    private final Evidence positions = new Evidence("P24", "every record was handled or put aside");
    private final Evidence deadLetters = new Evidence("P25", "a dead letter is the record that it was");
    private final Broker broker;
    private final List<String> listed = new ArrayList<>();
    private long records;

    MessagingPromises(Broker broker) {
        this.broker = broker;
    }

    @Override
    public void query(Databases databases) throws SQLException {
        for (Reading reading : Positions.read(databases, broker)) {
            records += reading.end();
            positions.examined(reading.end() > 0 ? 1 : 0);
            positions.expect(
                    reading.isCaughtUp(),
                    "the %s has read %s up to %,d of %,d",
                    reading.service(), reading.partition(), reading.position(), reading.end());
        }
        for (Service service : Service.values()) {
            // With nothing ever sent there was nothing to forget.
            outboxes.examined(records > 0 ? 1 : 0);
            databases.forEach(
                    service,
                    "select id, created_at from messaging.outbox order by id limit 100",
                    row -> outboxes.violated(
                            "the %s has not sent what it committed at %s", service, row.getString(2)));
        }
        new TreeSet<>(Positions.READERS.values().stream().flatMap(java.util.Collection::stream).toList())
                .forEach(this::deadLettersOf);
    }

    @Override
    public List<Finding> findings() {
        return List.of(
                outboxes.finding("%,d outboxes", outboxes.count()),
                positions.finding("%,d records on %,d partitions, as often as they are read", records,
                        positions.count()),
                deadLetters.finding("%s", listed.isEmpty()
                        ? "no dead letters"
                        : String.format("%,d dead letters: %s", deadLetters.count(), String.join("; ", listed))));
    }

    private void deadLettersOf(String topic) {
        Map<String, byte[]> byOrigin = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> letter : broker.all(topic + Topics.DEAD_LETTER_SUFFIX)) {
            String origin = origin(letter);
            // After a crash the same letter may be sent again.
            byte[] before = byOrigin.putIfAbsent(origin, letter.value());
            if (before != null) {
                deadLetters.expect(Arrays.equals(before, letter.value()), "%s was put aside in two versions", origin);
                continue;
            }
            deadLetters.examined();
            if (listed.size() < Evidence.EXAMPLES) {
                listed.add(origin + " (" + header(letter, MessageHeaders.DLT_EXCEPTION_MESSAGE) + ")");
            }
            deadLetters.expect(
                    header(letter, MessageHeaders.DLT_TOPIC).equals(topic),
                    "the dead letter of %s stands on %s", origin, letter.topic());
            original(letter).ifPresent(record -> deadLetters.expect(
                    isOf(record.value(), letter), "the dead letter of %s has other bytes", origin));
        }
    }

    /** Whether the letter has the record's bytes; one that was too large and says so has the first of them. */
    private static boolean isOf(byte[] record, ConsumerRecord<byte[], byte[]> letter) {
        byte[] bytes = letter.value();
        return record != null && bytes != null && !header(letter, MessageHeaders.DLT_CUT_FROM).isEmpty()
                ? bytes.length <= record.length && Arrays.equals(record, 0, bytes.length, bytes, 0, bytes.length)
                : Arrays.equals(record, bytes);
    }

    private Optional<ConsumerRecord<byte[], byte[]>> original(ConsumerRecord<byte[], byte[]> letter) {
        try {
            TopicPartition partition = new TopicPartition(
                    header(letter, MessageHeaders.DLT_TOPIC),
                    Integer.parseInt(header(letter, MessageHeaders.DLT_PARTITION)));
            return broker.at(partition, Long.parseLong(header(letter, MessageHeaders.DLT_OFFSET)));
        } catch (NumberFormatException e) {
            deadLetters.violated("a dead letter on %s does not say where it comes from", letter.topic());
            return Optional.empty();
        }
    }

    private static String origin(ConsumerRecord<byte[], byte[]> letter) {
        return header(letter, MessageHeaders.DLT_TOPIC) + "-" + header(letter, MessageHeaders.DLT_PARTITION) + "@"
                + header(letter, MessageHeaders.DLT_OFFSET);
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        Header header = letter.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
