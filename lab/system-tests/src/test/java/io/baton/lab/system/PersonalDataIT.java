package io.baton.lab.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.MessageHeaders;
import io.baton.lab.running.RunningStack;
import io.baton.lab.running.Shop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A name, a street and a card's token that nobody else has, looked for wherever they have no business to be. */
class PersonalDataIT {

    private static final String NAME = "Quilldriver Canary-Name";
    private static final String STREET = "Canary-Street 4711";
    private static final String TOKEN = "tok_canary_815";

    /** The messages that have to say where goods go, and by which card they are paid. */
    private static final Set<String> WITH_ADDRESS = Set.of("FulfilOrder", "ScheduleDelivery");
    private static final Set<String> WITH_TOKEN = Set.of("FulfilOrder", "ChargePayment");

    private static final List<String> SERVICES = List.of(
            "order-service", "payment-service", "inventory-service", "delivery-service", "saga-orchestrator");

    private final RunningStack stack = RunningStack.shared();
    private final Shop shop = new Shop(stack, "personal").open(100, "1000.00");

    @Test
    void names_streets_and_tokens_are_in_no_log_metric_header_view_or_message_but_those_that_need_them() {
        String completed = shop.place(personal("DE"));
        String refused = shop.place(personal("US"));
        String declined = shop.place(personal("DE").replace(
                "{\"method\":\"WALLET\"}", "{\"method\":\"CARD\",\"token\":\"" + TOKEN + "\"}"));
        List<String> orders = List.of(completed, refused, declined);
        await().atMost(Duration.ofSeconds(30)).until(() -> orders.stream().allMatch(shop::hasEnded));
        assertThat(shop.orderById(completed).get("status").asString()).isEqualTo("COMPLETED");
        // What is refused is not repeated either.
        assertClean("the answer to a bad request", shop.post(personal("XX"), "personal-bad").body());

        for (String order : orders) {
            String sagas = stack.managementUrl("saga-orchestrator") + "/actuator/sagas";
            JsonNode saga = stack.getJson(sagas + "?orderId=" + order).get("items").get(0);
            assertClean("the saga in the list", saga.toString());
            assertClean("the saga", stack.get(sagas + "/" + saga.get("sagaId").asString()).body());
        }
        for (String service : SERVICES) {
            assertClean("the metrics of " + service, stack.get(stack.managementUrl(service) + "/actuator/prometheus").body());
        }
        logs().forEach(log -> assertClean(log.toString(), read(log)));
        List<String> bearers = new ArrayList<>();
        records().forEach(record -> check(record, bearers));
        // The canaries did travel, so that the test has seen what it looks for.
        assertThat(bearers).contains("FulfilOrder", "ScheduleDelivery", "ChargePayment");
    }

    private String personal(String country) {
        return shop.order(1, country)
                .replace("\"name\":\"A\"", "\"name\":\"" + NAME + "\"")
                .replace("Street 1", STREET);
    }

    private static void check(ConsumerRecord<byte[], byte[]> record, List<String> bearers) {
        Header header = record.headers().lastHeader(MessageHeaders.TYPE);
        String type = header == null ? "" : text(header.value()).replaceAll(".*\\.", "");
        String where = "a " + type + " in " + record.topic();
        record.headers().forEach(each -> assertClean("header " + each.key() + " of " + where, text(each.value())));
        assertClean("the key of " + where, text(record.key()));
        String body = text(record.value());
        if (holds(body)) {
            bearers.add(type);
        }
        if (!WITH_ADDRESS.contains(type)) {
            assertThat(body).as(where).doesNotContain(NAME, STREET);
        }
        if (!WITH_TOKEN.contains(type)) {
            assertThat(body).as(where).doesNotContain(TOKEN);
        }
    }

    private static void assertClean(String where, String text) {
        assertThat(holds(text)).as("Personal data in %s", where).isFalse();
    }

    private static boolean holds(String text) {
        return text.contains(NAME) || text.contains(STREET) || text.contains(TOKEN);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    private List<Path> logs() {
        try (Stream<Path> files = Files.list(stack.directory().resolve("logs"))) {
            List<Path> logs = files.filter(Files::isRegularFile).toList();
            assertThat(logs).hasSizeGreaterThan(SERVICES.size());
            return logs;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path log) {
        try {
            return new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last records of every partition of every topic, dead letters included. */
    private List<ConsumerRecord<byte[], byte[]>> records() {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", stack.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.listTopics().values().stream()
                    .flatMap(List::stream)
                    .filter(info -> !info.topic().startsWith("__"))
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
            partitions.forEach(partition ->
                    consumer.seek(partition, Math.max(beginnings.get(partition), ends.get(partition) - 500)));
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(200)).forEach(found::add);
            }
        }
        return found;
    }
}
