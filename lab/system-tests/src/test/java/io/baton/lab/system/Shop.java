package io.baton.lab.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** A product with stock and a customer with money, and what can be ordered with them. */
final class Shop {

    private final RunningStack stack;
    private final String sku;
    private final String customer;

    Shop(RunningStack stack, String name) {
        this.stack = stack;
        this.sku = name + "-SKU";
        this.customer = name + "-customer";
    }

    /** Offers the product at 10.00 EUR, orders one piece, and returns when that order's saga has ended. */
    Shop open(int pieces, String credit) {
        String inventory = stack.url("inventory-service");
        String price = "{\"name\":\"A thing\",\"price\":{\"amount\":\"10.00\",\"currency\":\"EUR\"}}";
        assertThat(stack.operator("PUT", inventory + "/products/" + sku, price).statusCode()).isBetween(200, 201);
        String receipt = "{\"quantity\":" + pieces + "}";
        assertThat(stack.operator("POST", inventory + "/products/" + sku + "/receipts", receipt).statusCode())
                .isBetween(200, 201);
        String money = "{\"amount\":{\"amount\":\"" + credit + "\",\"currency\":\"EUR\"}}";
        assertThat(stack.operator("POST", stack.url("payment-service") + "/wallets/" + customer + "/credits", money)
                        .statusCode())
                .isBetween(200, 201);
        String first = place(order(1, "DE"));
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> sagaHasEnded(first));
        return this;
    }

    String order(int quantity, String country) {
        return """
                {"customerId":"%s","items":[{"sku":"%s","quantity":%d}],"payment":{"method":"WALLET"},
                 "deliveryAddress":{"name":"A","line1":"Street 1","city":"Town","postalCode":"12345","country":"%s"}}"""
                .formatted(customer, sku, quantity, country);
    }

    HttpResponse<String> post(String body, String key) {
        return stack.post(stack.url("order-service") + "/orders", body, "Idempotency-Key", key);
    }

    /** Places an order, trying until the order service takes it, and returns its id. */
    String place(String body) {
        String key = UUID.randomUUID().toString();
        String[] id = new String[1];
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
            HttpResponse<String> answer = post(body, key);
            if (answer.statusCode() == 202 || answer.statusCode() == 201) {
                id[0] = RunningStack.JSON.readTree(answer.body()).get("orderId").asString();
                return true;
            }
            return false;
        });
        return id[0];
    }

    JsonNode orderById(String id) {
        return stack.getJson(stack.url("order-service") + "/orders/" + id);
    }

    private boolean sagaHasEnded(String order) {
        JsonNode sagas = stack.getJson(stack.managementUrl("saga-orchestrator") + "/actuator/sagas?orderId=" + order);
        return sagas.get("items").get(0).get("state").asString().equals("COMPLETED");
    }

    boolean hasEnded(String id) {
        return !orderById(id).get("status").asString().equals("PENDING");
    }

    JsonNode product() {
        return stack.getJson(stack.url("inventory-service") + "/products/" + sku);
    }
}
