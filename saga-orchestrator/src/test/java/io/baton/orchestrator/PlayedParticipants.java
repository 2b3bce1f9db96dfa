package io.baton.orchestrator;

import static org.awaitility.Awaitility.await;

import io.baton.contract.Contract;
import io.baton.contract.Money;
import io.baton.contract.OrderId;
import io.baton.contract.Topics;
import io.baton.contract.delivery.DeliveryRefused;
import io.baton.contract.delivery.DeliveryScheduled;
import io.baton.contract.inventory.StockReleased;
import io.baton.contract.inventory.StockReserved;
import io.baton.contract.order.DeliveryAddress;
import io.baton.contract.order.FulfilOrder;
import io.baton.contract.order.OrderCancelled;
import io.baton.contract.order.OrderCompleted;
import io.baton.contract.order.OrderLine;
import io.baton.contract.order.PaymentMethod;
import io.baton.contract.payment.PaymentCharged;
import io.baton.contract.payment.PaymentRefunded;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import tools.jackson.databind.json.JsonMapper;

/**
 * All four participants at once, on the real topics: they say yes to everything but what a test told them otherwise.
 */
final class PlayedParticipants implements AutoCloseable {

    private static final List<String> COMMANDS = List.of(
            Topics.ORDER_COMMANDS, Topics.PAYMENT_COMMANDS, Topics.INVENTORY_COMMANDS, Topics.DELIVERY_COMMANDS);
    private static final String REPLIES_DLT = Topics.SAGA_REPLIES + Topics.DEAD_LETTER_SUFFIX;

    private final JsonMapper json = JsonMapper.builder().build();
    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread thread;
    private final Set<String> refusals = ConcurrentHashMap.newKeySet();
    private final Set<String> silences = ConcurrentHashMap.newKeySet();
    private final Set<String> mute = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> sent = new ConcurrentHashMap<>();
    private final Map<String, Collection<String>> deadLetters = new ConcurrentHashMap<>();
    private volatile boolean closing;

    PlayedParticipants(String bootstrapServers) {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringSerializer(), new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringDeserializer(), new ByteArrayDeserializer());
        // The service makes the topics once it is up.
        await().atMost(Duration.ofSeconds(60))
                .until(() -> consumer.listTopics().keySet().containsAll(COMMANDS)
                        && consumer.listTopics().containsKey(REPLIES_DLT));
        List<TopicPartition> partitions = COMMANDS.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        List<TopicPartition> all = new ArrayList<>(partitions);
        all.add(new TopicPartition(REPLIES_DLT, 0));
        consumer.assign(all);
        consumer.seekToEnd(all);
        all.forEach(consumer::position);
        thread = Thread.ofPlatform().start(this::run);
    }

    void refuse(String order, String step) {
        refusals.add(order + step);
    }

    void keepSilentOnce(String order, String step) {
        silences.add(order + step + "ACTION");
    }

    void keepSilentOnceWhenUndoing(String order, String step) {
        silences.add(order + step + "COMPENSATION");
    }

    /** From now on nobody answers this step's commands for the order, until {@link #speak}. */
    void keepSilent(String order, String step) {
        mute.add(order + step);
    }

    void speak(String order, String step) {
        mute.remove(order + step);
    }

    /** How often the step's command was sent for the order. */
    int sent(String order, String step) {
        return sent.getOrDefault(order + step, 0);
    }

    Collection<String> deadLetters(String topic) {
        return deadLetters.getOrDefault(topic + Topics.DEAD_LETTER_SUFFIX, List.of());
    }

    void request(String order) {
        request(order, new Money(9_998, "EUR"));
    }

    void request(String order, Money total) {
        FulfilOrder body = new FulfilOrder(
                OrderId.parse(order),
                "c-1",
                List.of(new OrderLine("KEYBOARD", 2)),
                total,
                PaymentMethod.WALLET,
                null,
                new DeliveryAddress("A. Person", "Street 1", null, "Town", "12345", "DE"),
                Instant.parse("2026-01-01T00:00:00Z"));
        send(Topics.SAGA_REQUESTS, order, "request/" + order, body, Map.of());
    }

    void reply(String order, String sagaId, String step, String direction, int attempt) {
        send(
                Topics.SAGA_REPLIES,
                order,
                sagaId + "/" + step + "/" + direction + "/" + attempt,
                new PaymentCharged(OrderId.parse(order), "p"),
                Map.of("ce_sagaid", sagaId, "ce_step", step, "ce_direction", direction, "ce_attempt", "" + attempt,
                        "ce_outcome", "DONE"));
    }

    private void run() {
        while (!closing) {
            for (ConsumerRecord<String, byte[]> command : consumer.poll(Duration.ofMillis(100))) {
                if (command.topic().endsWith(Topics.DEAD_LETTER_SUFFIX)) {
                    deadLetters
                            .computeIfAbsent(command.topic(), _ -> new ConcurrentLinkedQueue<>())
                            .add(command.key());
                } else {
                    answer(command);
                }
            }
        }
        consumer.close();
    }

    private void answer(ConsumerRecord<String, byte[]> command) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : command.headers()) {
            headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
        }
        String step = headers.get("ce_step");
        boolean action = "ACTION".equals(headers.get("ce_direction"));
        sent.merge(command.key() + step, 1, Integer::sum);
        if (silences.remove(command.key() + step + headers.get("ce_direction"))
                || mute.contains(command.key() + step)) {
            return;
        }
        OrderId order = OrderId.parse(command.key());
        boolean refused = action && refusals.contains(command.key() + step);
        Record body = refused
                ? new DeliveryRefused(order, "ADDRESS_NOT_SERVED", "No carrier goes there.")
                : switch (step) {
                    case "payment" -> action ? new PaymentCharged(order, "p-1") : new PaymentRefunded(order);
                    case "inventory" -> action ? new StockReserved(order) : new StockReleased(order);
                    case "delivery" -> new DeliveryScheduled(order, "d-1");
                    case "completion" -> new OrderCompleted(order);
                    default -> new OrderCancelled(order, "ADDRESS_NOT_SERVED");
                };
        Map<String, String> repeated = new HashMap<>();
        for (String name : List.of("ce_sagaid", "ce_step", "ce_direction", "ce_attempt")) {
            repeated.put(name, headers.get(name));
        }
        repeated.put("ce_outcome", refused ? "REFUSED" : "DONE");
        repeated.put("ce_commandposition", command.topic() + "-" + command.partition() + "@" + command.offset());
        send(Topics.SAGA_REPLIES, command.key(), "reply/" + headers.get("ce_id"), body, repeated);
    }

    private void send(String topic, String key, String id, Record body, Map<String, String> headers) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, json.writeValueAsBytes(body));
        Map<String, String> all = new HashMap<>(headers);
        all.put("ce_specversion", "1.0");
        all.put("ce_id", id);
        all.put("ce_source", "/played");
        all.put("ce_subject", key);
        all.put("ce_time", "2026-01-01T00:00:00Z");
        all.put(
                "ce_type",
                Contract.MESSAGES.stream()
                        .filter(type -> type.body() == body.getClass())
                        .findFirst()
                        .orElseThrow()
                        .name());
        all.forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        producer.send(record);
        producer.flush();
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofSeconds(5));
    }
}
