package io.baton.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.Money;
import io.baton.order.OrderService.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;

@OrderServiceTest
class PlacingOrdersIT {

    @LocalServerPort
    private int port;

    @Autowired
    private JdbcTemplate jdbc;

    private OrderService service;

    @BeforeEach
    void catalogue() {
        service = new OrderService(port, jdbc);
        service.product("KEYBOARD", new Money(4999, "EUR"));
        service.product("MOUSE", new Money(1050, "EUR"));
        service.product("TEA", new Money(300, "GBP"));
        service.product("GOLD", new Money(1_000_000_000_000_000L, "EUR"));
        service.product("AIR", new Money(0, "EUR"));
    }

    @Test
    void the_database_ends_a_transaction_in_which_this_process_stands_still() {
        assertThat(jdbc.queryForObject("SHOW idle_in_transaction_session_timeout", String.class))
                .isEqualTo("45s");
    }

    @Test
    void an_order_is_accepted_at_the_catalogues_price_and_can_be_read_at_once() {
        Answer placed = service.post(OrderService.ORDER);

        assertThat(placed.status()).isEqualTo(202);
        assertThat(placed.header("Location")).isEqualTo("/orders/" + placed.orderId());
        assertThat(placed.header("Retry-After")).isEqualTo("1");
        assertThat(placed.json().path("status").asString()).isEqualTo("PENDING");
        assertThat(placed.json().path("total").toString()).isEqualTo("{\"amount\":\"99.98\",\"currency\":\"EUR\"}");
        Answer read = service.get(placed.header("Location"));
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.json()).isEqualTo(placed.json());
        assertThat(read.header("ETag")).isEqualTo("\"v1\"");
    }

    @Test
    void an_order_that_has_not_changed_is_not_sent_again() {
        Answer placed = service.post(OrderService.ORDER);

        Answer read = service.get(placed.header("Location"), "If-None-Match", "\"v1\"");

        assertThat(read.status()).isEqualTo(304);
        assertThat(read.body()).isEmpty();
    }

    @Test
    void an_id_that_is_none_and_an_id_of_nothing_are_not_found() {
        for (String id : List.of("x", "0000000000000", "zzzzzzzzzzzzz", "8ZZZZZZZZZZZZ", "1".repeat(300))) {
            Answer answer = service.get("/orders/" + id);
            assertThat(answer.status()).as(id).isEqualTo(404);
            assertThat(answer.isProblem()).as(id).isTrue();
        }
    }

    @Test
    void what_cannot_succeed_is_refused_with_the_field_and_leaves_no_row() {
        Map<String, Object> before = service.rows();

        assertThat(refused("\"KEYBOARD\"", "\"NOTHING\"")).isEqualTo("/items/0/sku UNKNOWN_SKU");
        assertThat(refused("\"KEYBOARD\"", "\"AIR\"")).isEqualTo("/items NOTHING_TO_PAY");
        assertThat(refused("\"quantity\":2", "\"quantity\":0")).isEqualTo("/items/0/quantity OUT_OF_RANGE");
        assertThat(refused("\"quantity\":2", "\"quantity\":1001")).isEqualTo("/items/0/quantity OUT_OF_RANGE");
        assertThat(refused("\"DE\"", "\"XX\"")).isEqualTo("/deliveryAddress/country UNKNOWN_COUNTRY");
        assertThat(refused("\"WALLET\"", "\"CARD\"")).isEqualTo("/payment/token REQUIRED");
        assertThat(refused("\"WALLET\"", "\"WALLET\",\"token\":\"tok_ok\"")).isEqualTo("/payment/token NOT_EXPECTED");
        assertThat(refused("[{\"sku\":\"KEYBOARD\",\"quantity\":2}]", "[]")).isEqualTo("/items WRONG_NUMBER");
        assertThat(refused("2}]", "2},{\"sku\":\"KEYBOARD\",\"quantity\":1}]"))
                .isEqualTo("/items/1/sku DUPLICATE_SKU");
        assertThat(refused("2}]", "2},{\"sku\":\"TEA\",\"quantity\":1}]"))
                .isEqualTo("/items/1/sku MIXED_CURRENCIES");
        assertThat(refused("\"KEYBOARD\"", "\"GOLD\"")).isEqualTo("/items TOTAL_TOO_LARGE");
        assertThat(refused("\"customerId\"", "\"status\":\"COMPLETED\",\"customerId\""))
                .isEqualTo("/status UNKNOWN_FIELD");

        assertThat(service.rows()).isEqualTo(before);
    }

    @Test
    void every_fault_of_a_request_is_named_at_once() {
        Answer answer = service.post("{\"customerId\":\"\",\"items\":[{\"quantity\":0}]}");

        List<String> pointers = new ArrayList<>();
        answer.json().path("errors").forEach(error -> pointers.add(error.path("pointer").asString()));
        assertThat(pointers)
                .containsExactly("/customerId", "/items/0/sku", "/items/0/quantity", "/payment", "/deliveryAddress");
    }

    @Test
    void the_same_key_and_body_get_the_first_answer_again_and_another_body_is_refused() {
        Answer first = service.post(OrderService.ORDER, "Idempotency-Key", "k-same");
        Map<String, Object> after = service.rows();

        String spaced = OrderService.ORDER.replace(",\"items\"", " ,\n\"items\"");
        Answer again = service.post(spaced, "Idempotency-Key", "\"k-same\"");
        Answer other = service.post(OrderService.ORDER.replace(":2", ":3"), "Idempotency-Key", "k-same");

        assertThat(again.status()).isEqualTo(202);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.isProblem()).isTrue();
        assertThat(service.rows()).isEqualTo(after);
    }

    @Test
    void the_first_answer_stands_although_the_catalogue_has_changed() {
        service.product("FADING", new Money(100, "EUR"));
        String order = OrderService.ORDER.replace("KEYBOARD", "FADING");
        Answer first = service.post(order, "Idempotency-Key", "k-fading");
        jdbc.update("delete from catalogue where sku = 'FADING'");

        Awaitility.await().until(() -> service.post(order).status() == 400);
        Answer again = service.post(order, "Idempotency-Key", "k-fading");

        assertThat(again.status()).isEqualTo(202);
        assertThat(again.body()).isEqualTo(first.body());
    }

    @Test
    void fifty_requests_with_one_key_at_once_place_one_order() throws Exception {
        Map<String, Object> before = service.rows();
        List<Future<Answer>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(50)) {
            for (int i = 0; i < 50; i++) {
                answers.add(threads.submit(() -> service.post(OrderService.ORDER, "Idempotency-Key", "k-fifty")));
            }
        }
        List<Answer> accepted = new ArrayList<>();
        for (Future<Answer> answer : answers) {
            if (answer.get().status() == 202) {
                accepted.add(answer.get());
            } else {
                assertThat(answer.get().status()).isEqualTo(409);
            }
        }
        assertThat(accepted).isNotEmpty();
        assertThat(accepted.stream().map(Answer::body).distinct()).hasSize(1);
        assertThat(accepted.stream().filter(answer -> answer.header("Idempotent-Replayed").isEmpty())).hasSize(1);
        assertThat(service.rows().get("orders")).isEqualTo((Long) before.get("orders") + 1);
    }

    @Test
    void many_orders_at_once_are_stored_each_with_its_own_lines() throws Exception {
        List<Future<Answer>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(50)) {
            for (int i = 1; i <= 500; i++) {
                String order = OrderService.ORDER.replace("c-1", "many-" + i).replace(":2", ":" + i);
                answers.add(threads.submit(() -> service.post(order)));
            }
        }
        for (int i = 1; i <= 500; i++) {
            Answer answer = answers.get(i - 1).get();
            assertThat(answer.status()).isEqualTo(202);
            Answer read = service.get("/orders/" + answer.orderId());
            assertThat(read.json().path("customerId").asString()).isEqualTo("many-" + i);
            assertThat(read.json().path("items").path(0).path("quantity").asInt()).isEqualTo(i);
        }
        assertThat(jdbc.queryForObject("select count(*) from orders where customer_id like 'many-%'", Long.class))
                .isEqualTo(500);
    }

    private String refused(String good, String bad) {
        String body = OrderService.ORDER.replace(good, bad);
        assertThat(body).isNotEqualTo(OrderService.ORDER);
        Answer answer = service.post(body, "Idempotency-Key", "k-refused");
        assertThat(answer.status()).as(bad).isEqualTo(400);
        assertThat(answer.isProblem()).as(bad).isTrue();
        return answer.violation();
    }
}
