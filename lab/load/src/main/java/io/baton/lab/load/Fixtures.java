package io.baton.lab.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The products and customers that the load uses, set up through the same interface as everybody's. */
final class Fixtures {

    static final int PRODUCTS = 20;
    static final int CUSTOMERS = 200;
    static final String PRODUCT_WITHOUT_STOCK = "LOAD-EMPTY";
    static final String CUSTOMER_WITHOUT_CREDIT = "load-poor";

    private static final long AMPLE_STOCK = 10_000_000;
    private static final int RECEIPTS = 4;
    private static final long AMPLE_BALANCE = 5_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI orderService;
    private final URI paymentService;
    private final URI inventoryService;
    private final String authorization;

    Fixtures(StackDescription stack) {
        orderService = stack.url("order-service");
        paymentService = stack.url("payment-service");
        inventoryService = stack.url("inventory-service");
        authorization = "Basic "
                + Base64.getEncoder()
                        .encodeToString((stack.operatorUser() + ":" + stack.operatorPassword())
                                .getBytes(StandardCharsets.UTF_8));
    }

    static String product(int number) {
        return "LOAD-" + number;
    }

    static String customer(int number) {
        return "load-" + number;
    }

    /**
     * Sets up what is missing and waits until the order service knows every product. What is there already stays.
     *
     * @throws IllegalStateException if the stack refuses or does not answer for a minute; what was set up stays
     */
    void setUp(String servedCountry) throws InterruptedException {
        for (int i = 1; i <= PRODUCTS; i++) {
            putProduct(product(i), "%d.%02d".formatted(5 + i, 4 * i));
            long missing = AMPLE_STOCK - get(inventoryService, "/products/" + product(i)).path("available").asLong(0);
            for (int receipt = 0; receipt < RECEIPTS && missing > AMPLE_STOCK / 2; receipt++) {
                send("POST", inventoryService, "/products/" + product(i) + "/receipts",
                        "{\"quantity\":" + (missing / RECEIPTS) + "}", UUID.randomUUID().toString());
            }
        }
        putProduct(PRODUCT_WITHOUT_STOCK, "9.99");
        for (int i = 1; i <= CUSTOMERS; i++) {
            String path = "/wallets/" + customer(i);
            String balance = get(paymentService, path).path("balance").path("amount").asString("0");
            if (Double.parseDouble(balance) < AMPLE_BALANCE / 2.0) {
                send("POST", paymentService, path + "/credits",
                        "{\"amount\":{\"amount\":\"%d.00\",\"currency\":\"EUR\"}}".formatted(AMPLE_BALANCE),
                        UUID.randomUUID().toString());
            }
        }
        awaitCatalogue(servedCountry);
    }

    /** The order as the service shows it; null if it does not know it. */
    @Nullable OrderView order(String orderId) throws InterruptedException {
        HttpResponse<String> answer = answered("GET", orderService, "/orders/" + orderId, null, null);
        return answer.statusCode() == 404 ? null : OrderView.parse(body(answer));
    }

    /**
     * The order service learns of products by events, so it may need a moment. The only question that it answers about
     * its catalogue is an order: one that the customer cannot pay has no lasting effect.
     */
    private void awaitCatalogue(String country) throws InterruptedException {
        StringBuilder items = new StringBuilder("{\"sku\":\"" + PRODUCT_WITHOUT_STOCK + "\",\"quantity\":1}");
        for (int i = 1; i <= PRODUCTS; i++) {
            items.append(",{\"sku\":\"").append(product(i)).append("\",\"quantity\":1}");
        }
        String body = """
                {"customerId":"%s","items":[%s],"payment":{"method":"WALLET"},"deliveryAddress":{"name":"Load",\
                "line1":"Main Street 1","city":"Springfield","postalCode":"12345","country":"%s"}}"""
                .formatted(CUSTOMER_WITHOUT_CREDIT, items, country);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            HttpResponse<String> answer = answered("POST", orderService, "/orders", body, UUID.randomUUID().toString());
            if (answer.statusCode() / 100 == 2) {
                return;
            }
            if (System.nanoTime() - end > 0) {
                throw refused("POST", orderService.resolve("/orders"), answer);
            }
            Thread.sleep(200);
        }
    }

    private void putProduct(String sku, String price) throws InterruptedException {
        send("PUT", inventoryService, "/products/" + sku,
                "{\"name\":\"Product %s\",\"price\":{\"amount\":\"%s\",\"currency\":\"EUR\"}}".formatted(sku, price),
                null);
    }

    /** An empty object if there is no such thing. */
    private JsonNode get(URI service, String path) throws InterruptedException {
        HttpResponse<String> answer = answered("GET", service, path, null, null);
        if (answer.statusCode() == 404) {
            return JsonMapper.shared().createObjectNode();
        }
        if (answer.statusCode() != 200) {
            throw refused("GET", service.resolve(path), answer);
        }
        return JsonMapper.shared().readTree(answer.body());
    }

    private void send(String method, URI service, String path, String body, @Nullable String key)
            throws InterruptedException {
        HttpResponse<String> answer = answered(method, service, path, body, key);
        if (answer.statusCode() / 100 != 2) {
            throw refused(method, service.resolve(path), answer);
        }
    }

    /** Repeats the request until the service answers with something below 500. Each of them may be repeated. */
    private HttpResponse<String> answered(
            String method, URI service, String path, @Nullable String body, @Nullable String key)
            throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(path))
                .timeout(Duration.ofSeconds(10))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Authorization", authorization);
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            String trouble;
            try {
                HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
                if (answer.statusCode() < 500) {
                    return answer;
                }
                trouble = answer.statusCode() + " " + answer.body();
            } catch (IOException e) {
                trouble = e.toString();
            }
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(
                        "Expected an answer to " + method + " " + service.resolve(path) + " but got " + trouble);
            }
            Thread.sleep(250);
        }
    }

    private static byte[] body(HttpResponse<String> answer) {
        return answer.body().getBytes(StandardCharsets.UTF_8);
    }

    private static IllegalStateException refused(String method, URI uri, HttpResponse<String> answer) {
        return new IllegalStateException("Expected " + method + " " + uri + " to be accepted but got "
                + answer.statusCode() + " " + answer.body());
    }
}
