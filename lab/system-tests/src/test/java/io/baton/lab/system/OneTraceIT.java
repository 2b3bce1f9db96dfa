package io.baton.lab.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.MessageHeaders;
import io.baton.contract.Topics;
import io.baton.lab.running.Records;
import io.baton.lab.running.RunningStack;
import io.baton.lab.running.Shop;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** One W3C trace goes from the request to the last reply, through every message of the order. */
class OneTraceIT {

    private static final List<String> TOPICS = List.of(
            Topics.SAGA_REQUESTS,
            Topics.SAGA_REPLIES,
            Topics.ORDER_COMMANDS,
            Topics.PAYMENT_COMMANDS,
            Topics.INVENTORY_COMMANDS,
            Topics.DELIVERY_COMMANDS,
            Topics.ORDER_EVENTS);

    private final RunningStack stack = RunningStack.shared();
    private final Shop shop = new Shop(stack, "trace").open(1_000, "100000.00");

    @Test
    void every_message_of_an_order_bears_the_trace_of_its_request() {
        Records records = Records.fromNowOn(stack, TOPICS);
        String trace = UUID.randomUUID().toString().replace("-", "");
        String traceParent = "00-" + trace + "-00f067aa0ba902b7-01";
        String answer = stack.post(
                        stack.url("order-service") + "/orders", shop.order(1, "DE"), "traceparent", traceParent)
                .body();
        String order = RunningStack.JSON.readTree(answer).get("orderId").asString();
        await().atMost(Duration.ofSeconds(20)).until(() -> shop.hasEnded(order));
        // One wish, four commands, four replies, one event.
        await().atMost(Duration.ofSeconds(10)).until(() -> about(order, records).size() == 10);
        assertThat(about(order, records))
                .allSatisfy(record -> assertThat(Records.header(record, MessageHeaders.TRACE_PARENT))
                        .as("traceparent on " + record.topic())
                        .startsWith("00-" + trace + "-"));
    }

    private static List<ConsumerRecord<byte[], byte[]>> about(String order, Records records) {
        return records.read().stream()
                .filter(record -> Records.key(record).equals(order))
                .toList();
    }
}
