package io.baton.lab.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.MessageHeaders;
import io.baton.contract.Topics;
import io.baton.lab.running.Gateway;
import io.baton.lab.running.Programs;
import io.baton.lab.running.Records;
import io.baton.lab.running.RunningStack;
import io.baton.lab.running.Shop;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/**
 * Whatever goes wrong with an order has its defined end, on the running system and with an orchestrator that is less
 * patient than usual.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EveryFailureEndsIT {

    private static final String STEPS = "baton.sagas.order-fulfilment.steps.";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RunningStack stack = RunningStack.shared();
    private final Gateway gateway = new Gateway(stack);
    private Shop shop;

    @BeforeAll
    void be_less_patient() {
        stack.restart(
                "saga-orchestrator",
                // Longer than a circuit breaker that other tests have opened keeps a card waiting.
                STEPS + "payment.timeout=6s",
                STEPS + "payment.attempts=3",
                STEPS + "inventory.timeout=2s",
                STEPS + "inventory.attempts=2");
        shop = new Shop(stack, "failures").open(1_000, "100000.00");
    }

    @AfterAll
    void be_patient_again() {
        stack.restart("saga-orchestrator");
    }

    @Test
    void a_card_is_charged_once_or_not_at_all_however_the_gateway_behaves() {
        Map<String, String> orders = new LinkedHashMap<>();
        for (String token : List.of(
                "tok_ok", "tok_timeout_before_charge", "tok_timeout_after_charge", "tok_error_twice", "tok_declined")) {
            orders.put(token, shop.place(shop.cardOrder(token, "DE")));
        }
        String declined = orders.remove("tok_declined");
        shop.awaitEnd(declined, "COMPENSATED");
        assertThat(shop.reason(declined)).isEqualTo("CARD_DECLINED");
        assertThat(gateway.bookings(declined)).isEmpty();
        orders.forEach((token, order) -> {
            shop.awaitEnd(order, "COMPLETED");
            assertThat(gateway.bookings(order)).as(token).containsExactly("CAPTURE");
        });
    }

    @Test
    void an_order_whose_delivery_is_refused_gives_back_its_stock_and_its_payment() {
        JsonNode before = shop.product();
        String order = shop.place(shop.cardOrder("tok_ok", "US"));
        shop.awaitEnd(order, "COMPENSATED");
        assertThat(shop.reason(order)).isEqualTo("ADDRESS_NOT_SERVED");
        assertThat(gateway.bookings(order)).containsExactly("CAPTURE", "REFUND");
        assertThat(shop.product().get("reserved")).isEqualTo(before.get("reserved"));
    }

    @Test
    void stock_that_is_reserved_after_its_saga_gave_up_is_released() {
        stack.stop("inventory-service");
        String order;
        try {
            order = shop.place(shop.order(1, "DE"));
            // Twice two seconds for the reservation, and as long again for its release.
            await().atMost(PATIENCE).ignoreExceptions().until(() -> shop.saga(order).get("state").asString().equals("STUCK"));
            assertThat(shop.saga(order).get("stuck").get("code").asString()).isEqualTo("COMPENSATION_FAILED");
            assertThat(shop.status(order)).isEqualTo("PENDING");
        } finally {
            stack.start("inventory-service");
        }
        shop.awaitEnd(order, "COMPENSATED");
        assertThat(shop.reason(order)).isEqualTo("TIMEOUT");
        JsonNode reservation =
                stack.getJson(stack.url("inventory-service") + "/inventory/reservations/" + order);
        assertThat(reservation.get("status").asString()).isEqualTo("RELEASED");
        assertThat(reservation.get("items").isEmpty()).as("it had been made: %s", reservation).isFalse();
        assertThat(shop.product().get("reserved").asLong()).isZero();
    }

    @Test
    void a_refund_that_fails_again_and_again_leaves_its_saga_to_a_person_and_the_order_open() {
        Records deadLetters = Records.fromNowOn(stack, List.of(Topics.SAGA_DEAD_LETTERS));
        String order;
        try {
            order = whileTheDeliveryStandsStill("tok_ok", "US", gateway::goDown);
            await().atMost(PATIENCE).until(() -> shop.saga(order).get("state").asString().equals("STUCK"));
            JsonNode stuck = shop.saga(order).get("stuck");
            assertThat(stuck.get("code").asString()).isEqualTo("COMPENSATION_FAILED");
            assertThat(stuck.get("step").asString()).isEqualTo("payment");
            assertThat(shop.status(order)).isEqualTo("PENDING");
            assertThat(gateway.bookings(order)).containsExactly("CAPTURE");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(deadLetters.read())
                            .filteredOn(letter -> Records.key(letter).equals(order))
                            .singleElement()
                            .satisfies(letter -> assertThat(Records.header(letter, MessageHeaders.TYPE))
                                    .isEqualTo("saga.SagaStuck")));
        } finally {
            gateway.comeBack();
        }
        // The answer that it lacked comes at last, and it goes on from there.
        shop.awaitEnd(order, "COMPENSATED");
        assertThat(shop.reason(order)).isEqualTo("ADDRESS_NOT_SERVED");
        assertThat(gateway.bookings(order)).containsExactly("CAPTURE", "REFUND");
    }

    @Test
    void a_customer_who_cancels_before_the_delivery_is_asked_for_gets_everything_back() {
        String order;
        gateway.goDown();
        try {
            order = shop.place(shop.cardOrder("tok_ok", "DE"));
            shop.awaitStep(order, "payment");
            assertThat(shop.cancel(order).statusCode()).isEqualTo(202);
        } finally {
            gateway.comeBack();
        }
        shop.awaitEnd(order, "COMPENSATED");
        assertThat(shop.status(order)).isEqualTo("CANCELLED");
        assertThat(shop.reason(order)).isEqualTo("CANCELLED_BY_CUSTOMER");
        assertThat(cancellation(order).get("state").asString()).isEqualTo("GRANTED");
        assertThat(gateway.bookings(order)).isIn(List.of(), List.of("CAPTURE", "REFUND"));
    }

    @Test
    void a_customer_who_cancels_while_the_delivery_is_arranged_is_refused_and_may_again_once_it_is_complete() {
        String order = whileTheDeliveryStandsStill("tok_ok", "DE", this::cancelInVain);
        shop.awaitEnd(order, "COMPLETED");
        assertThat(gateway.bookings(order)).containsExactly("CAPTURE");

        assertThat(shop.cancel(order).statusCode()).isEqualTo(202);

        await().atMost(PATIENCE).until(() -> shop.status(order).equals("CANCELLED"));
        assertThat(shop.reason(order)).isEqualTo("CANCELLED_BY_CUSTOMER");
        assertThat(gateway.bookings(order)).containsExactly("CAPTURE", "REFUND");
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void at_last_everything_adds_up_and_our_ledger_is_the_gateways() throws Exception {
        new Programs(stack).check();
    }

    private interface Deed {
        void with(String order);
    }

    /** Lets an order come to its pivot while the delivery cannot answer, does something, and lets it answer. */
    private String whileTheDeliveryStandsStill(String token, String country, Deed deed) {
        long delivery = stack.pid("delivery-service");
        RunningStack.signal("STOP", delivery);
        try {
            String order = shop.place(shop.cardOrder(token, country));
            shop.awaitStep(order, "delivery");
            deed.with(order);
            return order;
        } finally {
            RunningStack.signal("CONT", delivery);
        }
    }

    private String whileTheDeliveryStandsStill(String token, String country, Runnable deed) {
        return whileTheDeliveryStandsStill(token, country, (Deed) _ -> deed.run());
    }

    private void cancelInVain(String order) {
        assertThat(shop.cancel(order).statusCode()).isEqualTo(202);
        await().atMost(PATIENCE).until(() -> cancellation(order).get("state").asString().equals("REFUSED"));
        assertThat(cancellation(order).get("code").asString()).isEqualTo("NOT_CANCELLABLE_NOW");
        assertThat(cancellation(order).get("message").asString()).doesNotContainIgnoringCase("saga");
        assertThat(shop.status(order)).isEqualTo("PENDING");
    }

    private JsonNode cancellation(String order) {
        return shop.orderById(order).get("cancellation");
    }
}
