package io.baton.lab.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.baton.contract.MessageHeaders;
import io.baton.contract.Topics;
import io.baton.lab.running.Gateway;
import io.baton.lab.running.Programs;
import io.baton.lab.running.Records;
import io.baton.lab.running.RunningStack;
import io.baton.lab.running.Shop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Sagas get stuck for three reasons on the running system, and operators get them going again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatorStoriesIT {

    private static final String STEPS = "baton.sagas.order-fulfilment.steps.";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MANY = 110;
    private static final int FEW = 3;

    private final RunningStack stack = RunningStack.shared();
    private final Gateway gateway = new Gateway(stack);
    private Shop shop;

    @BeforeAll
    void be_less_patient_where_sagas_shall_get_stuck() {
        stack.restart(
                "saga-orchestrator",
                STEPS + "payment.timeout=2s",
                STEPS + "payment.attempts=2",
                STEPS + "inventory.timeout=2m",
                STEPS + "delivery.timeout=1s",
                STEPS + "delivery.attempts=2");
        shop = new Shop(stack, "operators").open(1_000, "100000.00");
    }

    @AfterAll
    void be_patient_again() {
        gateway.comeBack();
        stack.start("inventory-service");
        stack.start("delivery-service");
        stack.restart("saga-orchestrator");
    }

    @Test
    void the_runbooks_stories_happen_as_it_says() throws Exception {
        makeThreeKindsOfStuckSagas();
        putAnEventAside();

        new TestedPage("saga-orchestrator/src/main/resources/console/runbook/stories.md")
                .run(stack, Duration.ofMinutes(3));

        new Programs(stack).check();
    }

    @Test
    void an_operator_does_the_same_with_the_console() throws Exception {
        assumeTrue(
                Console.canBeOpened(),
                "No browser: this test needs Debian's packages chromium and chromium-driver (apt-get install).");
        makeThreeKindsOfStuckSagas();
        putAnEventAside();
        try (Console console = new Console(stack)) {
            console.sees("Need a person");
            console.screenshot("overview");
            console.open("groups");
            console.sees("114 sagas in 3 groups");
            console.screenshot("groups");

            console.open("groups?reason=COMPENSATION_FAILED");
            console.press("Retry …");
            console.sees("RefundPayment");
            console.fill("form textarea", "The gateway is back");
            console.press("Retry 1 saga");
            console.sees("Done");
            // Not before: the refund that is still under way would be answered, and nobody would be needed.
            gateway.comeBack();

            console.open("groups?reason=MESSAGE_DEAD_LETTERED");
            console.press("Compensate …");
            console.sees("110 sagas match");
            console.sees("ReleaseStock");
            console.fill("form textarea", "Inventory answered nonsense");
            console.fill("form input[max='1000']", "2");
            console.screenshot("bulk-preview");
            console.press("Compensate 110 sagas");
            console.sees("granted");
            console.screenshot("bulk-running");
            console.press("Cancel what is not done yet");
            console.fill("dialog textarea", "Some of them first");
            console.press("Cancel");
            console.sees("Cancelled");
            int left = stuck("MESSAGE_DEAD_LETTERED");
            assertThat(left).isBetween(1, MANY - 1);

            console.open("groups?reason=MESSAGE_DEAD_LETTERED");
            console.press("Compensate …");
            console.sees(left + " sagas match");
            console.fill("form textarea", "They were right, now the rest");
            console.fill("form input[max='1000']", "200");
            console.press("Compensate " + left + " sagas");
            console.sees(left + " of " + left);
            stack.start("inventory-service");

            console.open("sagas?state=STUCK&reason=OUTCOME_UNKNOWN");
            console.follow(anySaga("state=STUCK&reason=OUTCOME_UNKNOWN").get("orderId").asString());
            console.sees("What can be done");
            console.press("Retry …");
            console.sees("Sends ScheduleDelivery");
            console.screenshot("dry-run");
            console.fill("dialog textarea", "The carrier is back");
            console.press("Retry");
            console.sees("Retry by operator");
            stack.start("delivery-service");
            console.sees("took effect");
            console.screenshot("saga");

            console.open("deadletters?status=NEW&topic=order.events-dlt");
            console.follow("order.Order");
            console.press("Redrive …");
            console.fill("dialog textarea", "Its reader is mended");
            console.press("Redrive");
            console.sees("Redriven");
            console.open("audit");
            console.sees("Its reader is mended");
            console.screenshot("audit");
        }
        await().atMost(PATIENCE).until(() -> operators("sagagroups").get("total").asInt() == 0);
        await().atMost(PATIENCE)
                .until(() -> operators("sagas?state=COMPENSATING").get("items").isEmpty());
        new Programs(stack).check();
    }

    private JsonNode anySaga(String filter) {
        return operators("sagas?limit=1&" + filter).get("items").get(0);
    }

    /** What a story that failed may have left. */
    @BeforeEach
    void everythingRuns() {
        gateway.comeBack();
        for (String service : List.of("inventory-service", "delivery-service")) {
            if (!stack.isReady(service)) {
                stack.start(service);
            }
        }
    }

    /** One that cannot refund, many whose answer nobody can read, and a few that may have been delivered. */
    private void makeThreeKindsOfStuckSagas() {
        makeRefundsFail();
        makeDeliveriesSilent();
        makeAnswersUnreadable();
    }

    /** The gateway goes down between the charge and the refund. */
    private void makeRefundsFail() {
        long delivery = stack.pid("delivery-service");
        RunningStack.signal("STOP", delivery);
        String order;
        try {
            order = shop.place(shop.cardOrder("tok_ok", "US"));
            shop.awaitStep(order, "delivery");
            gateway.goDown();
        } finally {
            RunningStack.signal("CONT", delivery);
        }
        awaitStuck("COMPENSATION_FAILED", 1);
    }

    /** Delivery-service is stopped. */
    private void makeDeliveriesSilent() {
        stack.stop("delivery-service");
        for (int i = 0; i < FEW; i++) {
            shop.place(shop.order(1, "DE"));
        }
        awaitStuck("OUTCOME_UNKNOWN", FEW);
        String saga = anySaga("state=STUCK&reason=OUTCOME_UNKNOWN").get("sagaId").asString();
        await("what its participant has to read").until(() -> operators("sagas/" + saga).get("steps").valueStream()
                .anyMatch(step -> step.get("name").asString().equals("delivery") && step.path("lag").asLong(0) >= FEW));
    }

    /** Inventory-service is stopped, and something that writes nonsense answers in its place. */
    private void makeAnswersUnreadable() {
        stack.stop("inventory-service");
        List<String> orders = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            orders.add(shop.place(shop.order(1, "DE")));
        }
        try (KafkaProducer<byte[], byte[]> producer = Records.producer(stack)) {
            for (String order : orders) {
                shop.awaitStep(order, "inventory");
                producer.send(Records.unreadableAnswer(shop.saga(order)));
            }
        }
        awaitStuck("MESSAGE_DEAD_LETTERED", MANY);
    }

    private void awaitStuck(String reason, int count) {
        await("sagas stuck with " + reason).atMost(PATIENCE).until(() -> stuck(reason) == count);
    }

    private int stuck(String reason) {
        return operators("sagagroups?reason=" + reason).get("total").asInt();
    }

    private JsonNode operators(String path) {
        return stack.getJson(stack.managementUrl("saga-orchestrator") + "/actuator/" + path);
    }

    /** A record that was handled long ago is put among the dead letters as the messaging does it. */
    private void putAnEventAside() {
        Records events = Records.fromTheStart(stack, List.of(Topics.ORDER_EVENTS));
        ConsumerRecord<byte[], byte[]> event = events.read().getFirst();
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(
                Topics.ORDER_EVENTS + Topics.DEAD_LETTER_SUFFIX, null, event.key(), event.value(), event.headers());
        letter.headers()
                .add(MessageHeaders.DLT_TOPIC, Records.bytes(event.topic()))
                .add(MessageHeaders.DLT_PARTITION, Records.bytes(Integer.toString(event.partition())))
                .add(MessageHeaders.DLT_OFFSET, Records.bytes(Long.toString(event.offset())))
                .add(MessageHeaders.DLT_EXCEPTION_MESSAGE, Records.bytes("The reader was older than this event"));
        try (KafkaProducer<byte[], byte[]> producer = Records.producer(stack)) {
            producer.send(letter);
        }
    }
}
