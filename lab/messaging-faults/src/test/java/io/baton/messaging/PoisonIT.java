package io.baton.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.MessageHeaders;
import io.baton.contract.OrderId;
import io.baton.embedded.PostgresServer.Database;
import io.baton.messaging.Bus.Sent;
import io.baton.messaging.Counting.Noted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records that cannot be handled, whatever is wrong with them, among others that can. */
class PoisonIT {

    private static Database database;
    private static Effects effects;
    private static Bus bus;
    private static Instance instance;

    private int before;

    @BeforeAll
    static void start() {
        database = Servers.newDatabase();
        effects = new Effects(database);
        bus = new Bus(Servers.kafka(), "poison", 1);
        instance = Instance.start(database, Servers.kafka(), bus.topic, Map.of());
        bus.awaitReplies(bus.count(1));
    }

    @AfterAll
    static void close() {
        instance.close();
        bus.close();
    }

    @BeforeEach
    void count() {
        before = bus.deadLettersHeard().size();
    }

    @Test
    void a_poison_record_in_the_middle_of_a_batch_is_put_aside_once_and_all_others_are_handled() throws Exception {
        List<Sent> good = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            good.add(bus.count(7, 1));
        }
        Sent refusedByStatement = bus.count(-1, 1);
        for (int i = 0; i < 30; i++) {
            good.add(bus.count(7, 1));
        }
        Sent refusedByCommit = bus.count(5_000, 1);
        for (int i = 0; i < 30; i++) {
            good.add(bus.count(7, 1));
        }
        List<Long> sagas = bus.acknowledged(good);
        bus.awaitReplies(sagas);
        bus.awaitReplies(bus.count(5));

        effects.requireOneEach(sagas);
        assertThat(effects.of(List.of(refusedByStatement.saga(), refusedByCommit.saga()))).isEmpty();
        assertThat(List.of(refusedByStatement.saga(), refusedByCommit.saga())).allSatisfy(saga -> assertThat(
                        bus.repliesTo(saga))
                .as("its saga hears of the dead letter, and nothing of what was not committed")
                .containsExactly("FAILED/1"));
        assertThat(bus.notesOf(refusedByCommit.saga())).isZero();
        List<ConsumerRecord<byte[], byte[]>> letters = letters(2);
        requireLetter(letters.get(0), refusedByStatement.acknowledgement().get(), bus.command(
                refusedByStatement.saga(), -1, 1).value());
        requireLetter(letters.get(1), refusedByCommit.acknowledgement().get(), bus.command(
                refusedByCommit.saga(), 5_000, 1).value());
    }

    @Test
    void a_record_that_cannot_be_decoded_is_put_aside_whatever_is_wrong_with_it() throws Exception {
        EncodedMessage good = bus.command(1, 7, 1);
        EncodedMessage event = bus.codec.encode(
                new OutgoingMessage(bus.events(), "k", "id", new Noted(new OrderId(1), 1)), null);
        byte[] noise = new byte[1_000_000];
        new Random(11).nextBytes(noise);
        List<EncodedMessage> bad = List.of(
                new EncodedMessage(bus.commands(), good.key(), good.headers(), null),
                new EncodedMessage(bus.commands(), null, good.headers(), good.value()),
                new EncodedMessage(bus.commands(), null, List.of(), null),
                new EncodedMessage(bus.commands(), good.key(), List.of(), good.value()),
                new EncodedMessage(bus.commands(), good.key(), with(good, MessageHeaders.TYPE, "x"), good.value()),
                new EncodedMessage(bus.commands(), event.key(), event.headers(), event.value()),
                new EncodedMessage(bus.commands(), "other".getBytes(UTF_8), good.headers(), good.value()),
                new EncodedMessage(bus.commands(), good.key(), good.headers(), "not json".getBytes(UTF_8)),
                new EncodedMessage(bus.commands(), good.key(), good.headers(), new byte[0]),
                new EncodedMessage(bus.commands(), good.key(), good.headers(), noise),
                new EncodedMessage(bus.commands(), Arrays.copyOf(noise, 9), List.of(), noise),
                new EncodedMessage(bus.commands(), good.key(), with(good, MessageHeaders.SAGA_ID, "?"), good.value()),
                new EncodedMessage(bus.commands(), good.key(), with(good, MessageHeaders.ATTEMPT, "-1"), good.value()),
                new EncodedMessage(
                        bus.commands(), good.key(), with(good, MessageHeaders.STEP, "\u0000"), good.value()));
        List<Long> sagas = new ArrayList<>();
        List<RecordMetadata> where = new ArrayList<>();
        for (EncodedMessage each : bad) {
            where.add(bus.send(each).get());
            sagas.addAll(bus.count(1));
        }

        bus.awaitReplies(sagas);
        effects.requireOneEach(sagas);
        List<ConsumerRecord<byte[], byte[]>> letters = letters(bad.size());
        for (int i = 0; i < bad.size(); i++) {
            requireLetter(letters.get(i), where.get(i), bad.get(i).value());
            assertThat(Arrays.equals(letters.get(i).key(), bad.get(i).key())).isTrue();
        }
        assertThat(instance.isAlive()).isTrue();
    }

    /** Compressed it is far below the broker's limit; as a dead letter it would be above the producer's. */
    @Test
    void a_record_that_is_huge_once_it_is_unpacked_is_put_aside_cut_and_the_partition_moves_on() throws Exception {
        byte[] huge = new byte[5 * 1024 * 1024];
        Arrays.fill(huge, (byte) 'x');
        RecordMetadata where;
        try (KafkaProducer<byte[], byte[]> compressing = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", Servers.kafka().bootstrapServers(),
                        "compression.type", "gzip",
                        "max.request.size", 2 * huge.length),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            where = compressing
                    .send(new EncodedMessage(bus.commands(), "k".getBytes(UTF_8), List.of(), huge).toRecord())
                    .get();
        }
        List<Long> sagas = bus.count(1);

        bus.awaitReplies(sagas);
        effects.requireOneEach(sagas);
        ConsumerRecord<byte[], byte[]> letter = letters(1).getFirst();
        requireLetter(letter, where, Arrays.copyOf(huge, letter.value().length));
        assertThat(letter.value()).hasSizeGreaterThan(900_000);
        assertThat(Bus.header(letter, MessageHeaders.DLT_CUT_FROM)).isEqualTo(Integer.toString(huge.length));
    }

    /** The new dead letters, in the order of the records' offsets. */
    private List<ConsumerRecord<byte[], byte[]>> letters(int expected) {
        bus.awaitHeard(() -> bus.deadLettersHeard().size() >= before + expected);
        bus.listen();
        List<ConsumerRecord<byte[], byte[]>> heard = bus.deadLettersHeard();
        assertThat(heard).hasSize(before + expected);
        return heard.subList(before, heard.size()).stream()
                .sorted(Comparator.comparingLong(
                        letter -> Long.parseLong(Bus.header(letter, MessageHeaders.DLT_OFFSET))))
                .toList();
    }

    private static void requireLetter(ConsumerRecord<byte[], byte[]> letter, RecordMetadata origin, byte[] value) {
        assertThat(Bus.header(letter, MessageHeaders.DLT_TOPIC)).isEqualTo(origin.topic());
        assertThat(Bus.header(letter, MessageHeaders.DLT_PARTITION)).isEqualTo(Integer.toString(origin.partition()));
        assertThat(Bus.header(letter, MessageHeaders.DLT_OFFSET)).isEqualTo(Long.toString(origin.offset()));
        assertThat(Bus.header(letter, MessageHeaders.DLT_EXCEPTION_CLASS)).isNotBlank();
        assertThat(Bus.header(letter, MessageHeaders.DLT_EXCEPTION_MESSAGE)).isNotBlank();
        assertThat(Arrays.equals(letter.value(), value)).as("the bytes as they came").isTrue();
    }

    private static List<Header> with(EncodedMessage message, String name, String value) {
        List<Header> headers = new ArrayList<>(message.headers());
        headers.removeIf(header -> header.key().equals(name));
        headers.add(new RecordHeader(name, value.getBytes(UTF_8)));
        return headers;
    }
}
