package io.baton.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.Contract;
import io.baton.contract.MessageHeaders;
import io.baton.contract.MessageType;
import io.baton.contract.OrderId;
import io.baton.contract.SagaId;
import io.baton.contract.Topics;
import io.baton.embedded.KafkaBroker;
import io.baton.messaging.Counting.Count;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** What stands around the participant: sends it commands, and hears all that it says. One thread reads. */
final class Bus implements AutoCloseable {

    private static final AtomicLong SAGAS = new AtomicLong(1_000_000);

    final String topic;
    final MessageCodec codec;

    private final KafkaBroker kafka;
    private final int partitions;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<ConsumerRecord<byte[], byte[]>> heard = new ArrayList<>();
    private final Map<Long, List<String>> replies = new HashMap<>();
    private final Map<Long, Integer> notes = new HashMap<>();

    /** @param partitions of the participant's topics */
    Bus(KafkaBroker kafka, String topic, int partitions) {
        this.kafka = kafka;
        this.topic = topic;
        this.partitions = partitions;
        List<MessageType> types = new ArrayList<>(Contract.MESSAGES);
        types.addAll(Counting.types(commands(), events()));
        codec = new MessageCodec(types, "bus", Clock.systemUTC());
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", kafka.bootstrapServers(),
                "enable.metrics.push", false,
                "reconnect.backoff.max.ms", 500,
                "acks", "all",
                // A broker that is slow to learn of a new topic can leave an idempotent producer out of sequence for ever.
                "enable.idempotence", false,
                "max.in.flight.requests.per.connection", 1,
                "metadata.max.age.ms", 2_000);
        createTopics();
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        Set<TopicPartition> all = new HashSet<>();
        for (String name : List.of(events(), Topics.SAGA_REPLIES, deadLetters())) {
            // A broker may not know of a topic yet that it has just made.
            await().until(() -> consumer.partitionsFor(name), infos -> !infos.isEmpty())
                    .forEach(info -> all.add(new TopicPartition(name, info.partition())));
        }
        consumer.assign(all);
        consumer.seekToEnd(all);
        all.forEach(consumer::position);
    }

    /** Makes the participant's topics where they do not exist. */
    void createTopics() {
        try (TopicSetup setup = new TopicSetup(this::admin, Set.of(commands(), events()), partitions, (short) -1);
                TopicSetup contract = new TopicSetup(this::admin, Set.of(Topics.SAGA_REPLIES), 6, (short) -1)) {
            setup.create();
            contract.create();
        }
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    /** How many instances of the participant share its partitions now; 0 while they are being shared anew. */
    int members() {
        try (Admin admin = admin()) {
            ConsumerGroupDescription group = admin.describeConsumerGroups(List.of(topic))
                    .describedGroups()
                    .get(topic)
                    .get(20, TimeUnit.SECONDS);
            return group.groupState() == GroupState.STABLE ? group.members().size() : 0;
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    String commands() {
        return topic + ".commands";
    }

    String events() {
        return topic + ".events";
    }

    String deadLetters() {
        return commands() + Topics.DEAD_LETTER_SUFFIX;
    }

    /** Sends one count command each for so many new sagas, and returns the sagas. */
    List<Long> count(int sagas) {
        List<Sent> sent = new ArrayList<>();
        for (int i = 0; i < sagas; i++) {
            sent.add(count(7, 1));
        }
        return acknowledged(sent);
    }

    record Sent(long saga, Future<RecordMetadata> acknowledgement) {}

    /** Waits until the broker has the commands, and returns their sagas. */
    List<Long> acknowledged(List<Sent> sent) {
        producer.flush();
        List<Long> sagas = new ArrayList<>();
        for (Sent each : sent) {
            try {
                each.acknowledgement.get(30, TimeUnit.SECONDS);
                sagas.add(each.saga);
            } catch (ExecutionException | TimeoutException | InterruptedException e) {
                throw new IllegalStateException("Expected the broker to take every command", e);
            }
        }
        return sagas;
    }

    /** Sends one count command for a new saga. */
    Sent count(int number, int attempt) {
        long saga = SAGAS.incrementAndGet();
        return new Sent(saga, send(command(saga, number, attempt)));
    }

    EncodedMessage command(long saga, int number, int attempt) {
        CommandKey key = new CommandKey(new SagaId(saga), Counting.STEP, Direction.ACTION);
        return codec.encode(
                Counting.command(commands(), key, attempt, Counting.NEVER, new Count(new OrderId(saga), number)), null);
    }

    Future<RecordMetadata> send(EncodedMessage message) {
        return producer.send(message.toRecord());
    }

    Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        return producer.send(record);
    }

    void flush() {
        producer.flush();
    }

    /** Hears what has been said since. */
    void listen() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
            heard.add(record);
            String saga = header(record, MessageHeaders.SAGA_ID);
            if (record.topic().equals(Topics.SAGA_REPLIES) && saga != null) {
                replies.computeIfAbsent(SagaId.parse(saga).value(), s -> new ArrayList<>())
                        .add(header(record, MessageHeaders.OUTCOME) + "/" + header(record, MessageHeaders.ATTEMPT));
            } else if (record.topic().equals(events())) {
                notes.merge(OrderId.parse(new String(record.key(), UTF_8)).value(), 1, Integer::sum);
            }
        }
    }

    /** The replies heard so far, as {@code outcome/attempt}. */
    List<String> repliesTo(long saga) {
        return replies.getOrDefault(saga, List.of());
    }

    int repliesTo(Collection<Long> sagas) {
        return sagas.stream().mapToInt(saga -> repliesTo(saga).size()).sum();
    }

    /** Waits until every saga has a reply and the event about its count was said. */
    void awaitReplies(Collection<Long> sagas) {
        await().untilAsserted(() -> {
            listen();
            assertThat(sagas).as("have a reply").filteredOn(saga -> repliesTo(saga).isEmpty()).isEmpty();
            assertThat(sagas).as("are noted").filteredOn(saga -> notesOf(saga) == 0).isEmpty();
        });
    }

    /** How often the event about a saga's count was heard. */
    int notesOf(long saga) {
        return notes.getOrDefault(saga, 0);
    }

    List<ConsumerRecord<byte[], byte[]>> deadLettersHeard() {
        return heard.stream().filter(record -> record.topic().equals(deadLetters())).toList();
    }

    /** Listens until something is so. */
    void awaitHeard(BooleanSupplier condition) {
        await().until(() -> {
            listen();
            return condition.getAsBoolean();
        });
    }

    /** Waits in this thread, which alone may listen. */
    ConditionFactory await() {
        return Awaitility.await()
                .pollInSameThread()
                .pollInterval(Duration.ofMillis(20))
                .timeout(Duration.ofSeconds(120));
    }

    static @Nullable String header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), UTF_8);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
