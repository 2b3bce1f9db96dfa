package io.baton.inventory.rest;

import static io.baton.inventory.Fixture.newOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.OrderId;
import io.baton.inventory.Catalogue;
import io.baton.inventory.Fixture;
import io.baton.inventory.InventoryTest;
import io.baton.inventory.StockReservation;
import io.baton.inventory.rest.Requests.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

@InventoryTest
class ReservationControllerIT {

    private static final String PATH = "/inventory/reservations";

    @LocalServerPort
    int port;

    @Autowired
    Catalogue catalogue;

    @Autowired
    StockReservation stock;

    Requests http;
    Fixture fixture;

    @BeforeEach
    void speakToTheService() {
        http = new Requests(port);
        fixture = new Fixture(catalogue);
    }

    @Test
    void a_reservation_is_made_read_and_released() {
        String mouse = fixture.product("mouse", 10);
        OrderId order = newOrder();

        Answer made = reserve(order, mouse, 4);

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("Location")).isEqualTo(PATH + "/" + order);
        assertThat(made.body())
                .isEqualTo("{\"orderId\":\"" + order + "\",\"status\":\"HELD\",\"items\":[{\"sku\":\"" + mouse
                        + "\",\"quantity\":4}]}");
        assertThat(http.get(PATH + "/" + order).body()).isEqualTo(made.body());
        fixture.assertStock(mouse, 6, 4, 0);

        assertThat(release(order).status()).isEqualTo(204);
        assertThat(release(order).status()).isEqualTo(204);
        assertThat(http.get(PATH + "/" + order).json().get("status").asString()).isEqualTo("RELEASED");
        fixture.assertStock(mouse, 10, 0, 0);
    }

    @Test
    void the_same_reservation_again_answers_200_and_other_goods_409() {
        String mouse = fixture.product("mouse", 10);
        OrderId order = newOrder();
        reserve(order, mouse, 4);

        assertThat(reserve(order, mouse, 4).status()).isEqualTo(200);
        Answer other = reserve(order, mouse, 5);

        assertThat(other.status()).isEqualTo(409);
        assertThat(other.errorCode()).isEqualTo("RESERVATION_DIFFERS");
        fixture.assertStock(mouse, 6, 4, 0);
    }

    @Test
    void what_is_not_there_is_out_of_stock() {
        String mouse = fixture.product("mouse", 3);

        Answer answer = reserve(newOrder(), mouse, 4);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.errorCode()).isEqualTo("OUT_OF_STOCK");
        assertThat(reserve(newOrder(), "never-made", 1).errorCode()).isEqualTo("OUT_OF_STOCK");
    }

    @Test
    void an_order_released_before_it_reserved_never_reserves() {
        String mouse = fixture.product("mouse", 3);
        OrderId order = newOrder();
        assertThat(release(order).status()).isEqualTo(204);

        Answer answer = reserve(order, mouse, 1);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.errorCode()).isEqualTo("RESERVATION_RELEASED");
        fixture.assertStock(mouse, 3, 0, 0);
    }

    @Test
    void shipped_goods_are_not_released() {
        String mouse = fixture.product("mouse", 3);
        OrderId order = newOrder();
        reserve(order, mouse, 1);
        stock.ship(order);

        Answer answer = release(order);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.errorCode()).isEqualTo("RESERVATION_SHIPPED");
    }

    @Test
    void two_hundred_requests_for_the_last_twenty_pieces_get_exactly_twenty() throws Exception {
        String mouse = fixture.product("mouse", 20);

        List<Answer> answers = allAtOnce(200, i -> reserve(newOrder(), mouse, 1));

        assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(20);
        assertThat(answers)
                .filteredOn(answer -> answer.status() == 409 && answer.errorCode().equals("OUT_OF_STOCK"))
                .hasSize(180);
        fixture.assertStock(mouse, 0, 20, 0);
    }

    @Test
    void requests_that_meet_on_one_order_are_tried_again_until_one_answer_stands() throws Exception {
        String mouse = fixture.product("mouse", 100);
        List<OrderId> orders = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            orders.add(newOrder());
        }

        List<Answer> answers = allAtOnce(120, i -> {
            OrderId order = orders.get(i % 10);
            return i / 10 % 3 == 2 ? release(order) : reserve(order, mouse, 3);
        });

        assertThat(answers).extracting(Answer::status).containsOnly(200, 201, 204, 409);
        orders.forEach(order -> assertThat(
                        http.get(PATH + "/" + order).json().get("status").asString())
                .isEqualTo("RELEASED"));
        fixture.assertStock(mouse, 100, 0, 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            textBlock = """
            {"items":[{"sku":"A","quantity":1}]} | /orderId | REQUIRED
            {"orderId":"x","items":[{"sku":"A","quantity":1}]} | /orderId | WRONG_FORMAT
            {"orderId":"0000000000001"} | /items | REQUIRED
            {"orderId":"0000000000001","items":[]} | /items | OUT_OF_RANGE
            {"orderId":"0000000000001","items":[{"sku":"a b","quantity":1}]} | /items/0/sku | WRONG_FORMAT
            {"orderId":"0000000000001","items":[{"sku":"A","quantity":0}]} | /items/0/quantity | OUT_OF_RANGE
            {"orderId":"0000000000001","items":[{"sku":"A","quantity":1001}]} | /items/0/quantity | OUT_OF_RANGE
            {"orderId":"0000000000001","items":[{"quantity":1}]} | /items/0/sku | REQUIRED
            """)
    void a_request_that_makes_no_sense_is_refused_by_field(String body, String pointer, String code) {
        Answer answer = http.operator("POST", PATH, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errorPointer()).isEqualTo(pointer);
        assertThat(answer.errorCode()).isEqualTo(code);
    }

    @Test
    void one_item_too_many_or_none_at_all_is_refused() {
        String items = "{\"sku\":\"A\",\"quantity\":1},".repeat(100) + "{\"sku\":\"A\",\"quantity\":1}";

        assertThat(http.operator("POST", PATH, "{\"orderId\":\"0000000000001\",\"items\":[" + items + "]}")
                        .errorPointer())
                .isEqualTo("/items");
        assertThat(http.operator("POST", PATH, "{\"orderId\":\"0000000000001\",\"items\":[null]}")
                        .status())
                .isEqualTo(400);
        assertThat(http.operator("DELETE", PATH + "/x", "").status()).isEqualTo(400);
    }

    @Test
    void only_the_operator_reserves_and_releases() {
        String mouse = fixture.product("mouse", 3);
        OrderId order = newOrder();

        assertThat(http.anonymous("POST", PATH, body(order, mouse, 1)).status()).isEqualTo(401);
        assertThat(http.anonymous("DELETE", PATH + "/" + order, "").status()).isEqualTo(401);
        assertThat(http.get(PATH + "/" + order).status()).isEqualTo(404);
    }

    private Answer reserve(OrderId order, String sku, int quantity) {
        return http.operator("POST", PATH, body(order, sku, quantity));
    }

    private static String body(OrderId order, String sku, int quantity) {
        return "{\"orderId\":\"" + order + "\",\"items\":[{\"sku\":\"" + sku + "\",\"quantity\":" + quantity + "}]}";
    }

    private Answer release(OrderId order) {
        return http.operator("DELETE", PATH + "/" + order, "");
    }

    private static List<Answer> allAtOnce(int count, java.util.function.IntFunction<Answer> request) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                futures.add(threads.submit(() -> request.apply(number)));
            }
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> future : futures) {
                answers.add(future.get());
            }
            return answers;
        }
    }
}
