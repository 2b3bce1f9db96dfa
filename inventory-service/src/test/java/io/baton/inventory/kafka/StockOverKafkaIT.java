package io.baton.inventory.kafka;

import static io.baton.inventory.Fixture.newOrder;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.MessageHeaders;
import io.baton.contract.Money;
import io.baton.contract.OrderId;
import io.baton.contract.Topics;
import io.baton.inventory.Catalogue;
import io.baton.inventory.Fixture;
import io.baton.inventory.InventoryTest;
import io.baton.messaging.test.TestInfrastructure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The service as its neighbours meet it: records go in, records come out. */
@InventoryTest
class StockOverKafkaIT {

    @Autowired
    Catalogue catalogue;

    @Test
    void a_command_is_answered_with_what_identifies_it() {
        Fixture fixture = new Fixture(catalogue);
        String mouse = fixture.product("mouse", 10);
        OrderId order = newOrder();
        ProducerRecord<String, String> command = new ProducerRecord<>(
                Topics.INVENTORY_COMMANDS,
                order.toString(),
                "{\"orderId\":\"" + order + "\",\"lines\":[{\"sku\":\"" + mouse + "\",\"quantity\":4}]}");
        Map.of(
                        MessageHeaders.ID, "test/" + order,
                        MessageHeaders.TYPE, "inventory.ReserveStock",
                        MessageHeaders.SUBJECT, order.toString(),
                        MessageHeaders.SAGA_ID, "0000000000042",
                        MessageHeaders.STEP, "inventory",
                        MessageHeaders.DIRECTION, "ACTION",
                        MessageHeaders.ATTEMPT, "3",
                        MessageHeaders.EXPIRY_TIME, "9999-12-31T00:00:00Z")
                .forEach((name, value) -> command.headers().add(name, value.getBytes(UTF_8)));

        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestInfrastructure.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(command);
        }

        ConsumerRecord<String, String> reply = recordsOf(Topics.SAGA_REPLIES, order.toString(), 1).getFirst();
        assertThat(header(reply, MessageHeaders.TYPE)).isEqualTo("inventory.StockReserved");
        assertThat(header(reply, MessageHeaders.OUTCOME)).isEqualTo("DONE");
        assertThat(header(reply, MessageHeaders.SAGA_ID)).isEqualTo("0000000000042");
        assertThat(header(reply, MessageHeaders.ATTEMPT)).isEqualTo("3");
        fixture.assertStock(mouse, 6, 4, 0);
    }

    @Test
    void each_change_of_a_product_is_told_once_in_order_and_with_its_version() {
        String sku = "keyboard-" + newOrder().value();
        catalogue.put(sku, "Keyboard", new Money(4_999, "EUR"));
        catalogue.put(sku, "Keyboard", new Money(4_999, "EUR"));
        catalogue.receive(sku, 5);
        catalogue.put(sku, "Loud keyboard", new Money(3_999, "EUR"));

        List<ConsumerRecord<String, String>> events = recordsOf(Topics.INVENTORY_EVENTS, sku, 2);

        assertThat(events)
                .extracting(event -> header(event, MessageHeaders.TYPE))
                .containsOnly("inventory.ProductChanged");
        assertThat(events)
                .extracting(ConsumerRecord::value)
                .containsExactly(
                        "{\"sku\":\"" + sku + "\",\"name\":\"Keyboard\","
                                + "\"price\":{\"minorUnits\":4999,\"currency\":\"EUR\"},\"version\":1}",
                        "{\"sku\":\"" + sku + "\",\"name\":\"Loud keyboard\","
                                + "\"price\":{\"minorUnits\":3999,\"currency\":\"EUR\"},\"version\":2}");
    }

    /** All records of the key, once there are as many as expected. */
    private static List<ConsumerRecord<String, String>> recordsOf(String topic, String key, int expected) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", TestInfrastructure.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (PartitionInfo info : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, info.partition()));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<ConsumerRecord<String, String>> found = new ArrayList<>();
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(each -> {
                    if (key.equals(each.key())) {
                        found.add(each);
                    }
                });
                return found.size() >= expected;
            });
            return found;
        }
    }

    private static String header(ConsumerRecord<String, String> message, String name) {
        Header header = message.headers().lastHeader(name);
        assertThat(header).as(name).isNotNull();
        return new String(header.value(), UTF_8);
    }
}
