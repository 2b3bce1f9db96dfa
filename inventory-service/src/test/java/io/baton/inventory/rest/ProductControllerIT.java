package io.baton.inventory.rest;

import static io.baton.inventory.Fixture.newOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.baton.inventory.Catalogue;
import io.baton.inventory.Fixture;
import io.baton.inventory.InventoryTest;
import io.baton.inventory.rest.Requests.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@InventoryTest
class ProductControllerIT {

    private static final String KEYBOARD =
            "{\"name\":\"Keyboard\",\"price\":{\"amount\":\"49.99\",\"currency\":\"EUR\"}}";

    @LocalServerPort
    int port;

    @Autowired
    Catalogue catalogue;

    @Autowired
    JdbcClient jdbc;

    Requests http;
    Fixture fixture;

    @BeforeEach
    void speakToTheService() {
        http = new Requests(port);
        fixture = new Fixture(catalogue);
    }

    @Test
    void a_product_is_put_and_read() {
        String path = "/products/" + newSku();

        Answer put = http.operator("PUT", path, KEYBOARD);

        assertThat(put.status()).isEqualTo(201);
        assertThat(put.header("Location")).isEqualTo(path);
        Answer read = http.get(path);
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.json()).isEqualTo(put.json());
        assertThat(read.body())
                .isEqualTo("{\"sku\":\"" + path.substring(10) + "\",\"name\":\"Keyboard\","
                        + "\"price\":{\"amount\":\"49.99\",\"currency\":\"EUR\"},"
                        + "\"available\":0,\"reserved\":0,\"shipped\":0}");
    }

    @Test
    void putting_it_again_changes_it_and_keeps_the_stock() {
        String sku = newSku();
        http.operator("PUT", "/products/" + sku, KEYBOARD);
        http.operator("POST", "/products/" + sku + "/receipts", "{\"quantity\":7}");

        Answer put = http.operator("PUT", "/products/" + sku, KEYBOARD.replace("49.99", "39.99"));

        assertThat(put.status()).isEqualTo(200);
        assertThat(put.json().get("price").get("amount").asString()).isEqualTo("39.99");
        assertThat(put.json().get("available").asLong()).isEqualTo(7);
        assertThat(catalogue.find(sku).orElseThrow().version()).isEqualTo(2);
    }

    @Test
    void putting_the_same_again_is_no_change() {
        String sku = newSku();
        http.operator("PUT", "/products/" + sku, KEYBOARD);

        assertThat(http.operator("PUT", "/products/" + sku, KEYBOARD).status()).isEqualTo(200);
        assertThat(catalogue.find(sku).orElseThrow().version()).isEqualTo(1);
    }

    @Test
    void receipts_raise_what_is_available_once_per_idempotency_key() {
        String sku = fixture.product("mouse", 0);
        String path = "/products/" + sku + "/receipts";

        Answer first = http.operator("POST", path, "{\"quantity\":100}", "Idempotency-Key", "k-1");
        Answer again = http.operator("POST", path, "{\"quantity\":100}", "Idempotency-Key", "k-1");
        Answer other = http.operator("POST", path, "{\"quantity\":101}", "Idempotency-Key", "k-1");
        http.operator("POST", path, "{\"quantity\":5}");

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.json().get("available").asLong()).isEqualTo(100);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(other.status()).isEqualTo(422);
        fixture.assertStock(sku, 105, 0, 0);
        assertThat(jdbc.sql("select sum(quantity) from receipt where sku = ?")
                        .param(sku)
                        .query(Long.class)
                        .single())
                .isEqualTo(105);
    }

    @Test
    void products_are_listed_page_by_page_in_the_order_of_their_skus() {
        List<String> skus = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            skus.add(fixture.product("page", 0));
        }
        skus.sort(null);

        List<String> seen = new ArrayList<>();
        String next = "/products?limit=3";
        while (!next.isEmpty()) {
            Answer page = http.get(next);
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.json().get("items").size()).isBetween(1, 3);
            for (JsonNode item : page.json().get("items")) {
                seen.add(item.get("sku").asString());
            }
            String link = page.header("Link");
            next = link.isEmpty() ? "" : link.substring(1, link.indexOf(">; rel=\"next\""));
        }

        assertThat(seen).isSorted().doesNotHaveDuplicates().containsSubsequence(skus);
        assertThat(http.get("/products?limit=200").header("Link")).isEmpty();
    }

    @Test
    void a_product_that_does_not_exist_is_not_found() {
        assertThat(http.get("/products/" + newSku()).status()).isEqualTo(404);
        assertThat(http.get("/products/a%20b").status()).isEqualTo(404);
        assertThat(http.operator("POST", "/products/" + newSku() + "/receipts", "{\"quantity\":1}")
                        .status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            textBlock = """
            {"name":"K","price":{"amount":"0.00","currency":"EUR"}} | /price/amount | OUT_OF_RANGE
            {"name":"K","price":{"amount":"-1.00","currency":"EUR"}} | /price/amount | WRONG_FORMAT
            {"name":"K","price":{"amount":"1.005","currency":"EUR"}} | /price/amount | TOO_MANY_DECIMALS
            {"name":"K","price":{"amount":"10000000000.01","currency":"EUR"}} | /price/amount | OUT_OF_RANGE
            {"name":"K","price":{"amount":"1.00","currency":"EURO"}} | /price/currency | UNKNOWN_CURRENCY
            {"name":"K"} | /price | REQUIRED
            {"name":" ","price":{"amount":"1.00","currency":"EUR"}} | /name | BLANK
            {"name":"\\u0000","price":{"amount":"1.00","currency":"EUR"}} | /name | CONTROL_CHARACTER
            {"name":"K","price":{"amount":"1.00","currency":"EUR"},"x":1} | /x | UNKNOWN_FIELD
            """)
    void a_product_that_makes_no_sense_is_refused_by_field(String body, String pointer, String code) {
        String sku = newSku();

        Answer answer = http.operator("PUT", "/products/" + sku, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.errorPointer()).isEqualTo(pointer);
        assertThat(answer.errorCode()).isEqualTo(code);
        assertThat(catalogue.find(sku)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /products/a%20b, WRONG_FORMAT",
        "PUT, /products/01234567890123456789012345678901234567890123456789012345678901234, WRONG_FORMAT",
        "GET, /products?limit=0, OUT_OF_RANGE",
        "GET, /products?limit=201, OUT_OF_RANGE",
        "GET, /products?limit=x, WRONG_TYPE",
        "GET, /products?limit=99999999999, WRONG_TYPE",
        "GET, /products?after=a%20b, WRONG_FORMAT",
    })
    void a_path_or_parameter_that_makes_no_sense_is_refused(String method, String path, String code) {
        Answer answer = http.operator(method, path, method.equals("PUT") ? KEYBOARD : "");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errorCode()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"0", "-5", "1000000001"})
    void a_receipt_of_nothing_or_too_much_is_refused(String quantity) {
        String sku = fixture.product("mouse", 1);

        Answer answer = http.operator("POST", "/products/" + sku + "/receipts", "{\"quantity\":" + quantity + "}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errorPointer()).isEqualTo("/quantity");
        fixture.assertStock(sku, 1, 0, 0);
    }

    @Test
    void only_the_operator_writes() {
        String sku = newSku();

        assertThat(http.anonymous("PUT", "/products/" + sku, KEYBOARD).status()).isEqualTo(401);
        assertThat(http.anonymous("POST", "/products/" + sku + "/receipts", "{\"quantity\":1}")
                        .status())
                .isEqualTo(401);
        assertThat(catalogue.find(sku)).isEmpty();
    }

    private static String newSku() {
        return "sku-" + newOrder().value();
    }
}
