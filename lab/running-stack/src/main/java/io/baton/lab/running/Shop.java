package io.baton.lab.running;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** A product with stock and a customer with money, and what can be ordered with them. */
public final class Shop {

    private final RunningStack stack;
    private final String sku;
    private final String customer;

    /** @param name which no other shop of the stack has; its product and its customer are called after it */
    public Shop(RunningStack stack, String name) {
        this.stack = stack;
        this.sku = name + "-SKU";
        this.customer = name + "-customer";
    }

    /** Offers the product at 10.00 EUR, orders one piece, and returns when that order's saga has ended. */
    public Shop open(int pieces, String credit) {
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

    /** The body of an order, paid from the wallet. */
    public String order(int quantity, String country) {
        return order(quantity, country, "{\"method\":\"WALLET\"}");
    }

    /** One piece, paid by a card that behaves as its token says. */
    public String cardOrder(String token, String country) {
        return order(1, country, "{\"method\":\"CARD\",\"token\":\"" + token + "\"}");
    }

    private String order(int quantity, String country, String payment) {
        return """
                {"customerId":"%s","items":[{"sku":"%s","quantity":%d}],"payment":%s,
                 "deliveryAddress":{"name":"A","line1":"Street 1","city":"Town","postalCode":"12345","country":"%s"}}"""
                .formatted(customer, sku, quantity, payment, country);
    }

    /** Sends the order once, with that idempotency key. */
    public HttpResponse<String> post(String body, String key) {
        return stack.post(stack.url("order-service") + "/orders", body, "Idempotency-Key", key);
    }

    /** Places an order, trying until the order service takes it, and returns its id. */
    public String place(String body) {
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

    /** The order as its customer sees it. */
    public JsonNode orderById(String id) {
        return stack.getJson(stack.url("order-service") + "/orders/" + id);
    }

    /** Wishes that the order be undone. */
    public HttpResponse<String> cancel(String order) {
        return stack.post(stack.url("order-service") + "/orders/" + order + "/cancellation", "{}");
    }

    /** The saga that fulfils the order. */
    public JsonNode saga(String order) {
        JsonNode sagas = stack.getJson(stack.managementUrl("saga-orchestrator") + "/actuator/sagas?orderId=" + order);
        for (JsonNode saga : sagas.get("items")) {
            if (saga.get("definition").asString().equals("order-fulfilment")) {
                return saga;
            }
        }
        throw new IllegalStateException("Order " + order + " has no saga yet");
    }

    /** Returns when the order's saga waits for that step. */
    public void awaitStep(String order, String step) {
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(() -> saga(order).get("step").asString().equals(step));
    }

    /** Returns when nobody waits for the order any more, and its saga is in that state. */
    public void awaitEnd(String order, String state) {
        await("the end of order " + order)
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> hasEnded(order) && saga(order).get("state").asString().equals(state));
    }

    private boolean sagaHasEnded(String order) {
        return saga(order).get("state").asString().equals("COMPLETED");
    }

    /** Whether its customer waits for nothing any more. */
    public boolean hasEnded(String id) {
        return !orderById(id).get("status").asString().equals("PENDING");
    }

    /** {@code PENDING}, {@code COMPLETED} or {@code CANCELLED}. */
    public String status(String order) {
        return orderById(order).get("status").asString();
    }

    /** The code of the reason for which the order was cancelled. */
    public String reason(String order) {
        return orderById(order).get("reason").get("code").asString();
    }

    /** What the customer has in the wallet, as {@code 12.00}. */
    public String balance() {
        return stack.getJson(stack.url("payment-service") + "/wallets/" + customer)
                .get("balance")
                .get("amount")
                .asString();
    }

    /** The product with its stock. */
    public JsonNode product() {
        return stack.getJson(stack.url("inventory-service") + "/products/" + sku);
    }
}
