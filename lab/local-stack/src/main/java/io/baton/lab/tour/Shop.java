package io.baton.lab.tour;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the tour asks of the system, over HTTP as anybody else would, with the curl command for each. */
final class Shop {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Goods of one product. */
    record Stock(long available, long reserved, long shipped) {}

    /** An answer whose status the caller judges. */
    record Reply(int status, JsonNode body) {}

    private final HttpClient http;
    private final TourTarget target;
    private final Guide guide;

    Shop(HttpClient http, TourTarget target, Guide guide) {
        this.http = http;
        this.target = target;
        this.guide = guide;
    }

    void product(String sku, String name, String price) {
        write("inventory-service", "PUT", "/products/" + sku, """
                {"name":"%s","price":{"amount":"%s","currency":"EUR"}}""".formatted(name, price));
    }

    void receipt(String sku, int quantity) {
        write("inventory-service", "POST", "/products/" + sku + "/receipts", """
                {"quantity":%d}""".formatted(quantity));
    }

    void credit(String customer, String amount) {
        write("payment-service", "POST", "/wallets/" + customer + "/credits", """
                {"amount":{"amount":"%s","currency":"EUR"}}""".formatted(amount));
    }

    Stock stock(String sku) {
        JsonNode product = read(target.url("inventory-service") + "/products/" + sku);
        return new Stock(
                product.path("available").asLong(-1),
                product.path("reserved").asLong(-1),
                product.path("shipped").asLong(-1));
    }

    /** Zero for a customer who never had any. */
    BigDecimal balance(String customer) {
        String url = target.url("payment-service") + "/wallets/" + customer;
        Reply reply = send(HttpRequest.newBuilder(URI.create(url)), url);
        return reply.status() == 404
                ? BigDecimal.ZERO.setScale(2)
                : new BigDecimal(
                        required(reply, url).path("balance").path("amount").asString());
    }

    /** The curl command of {@link #order}. */
    String orderCommand(String body) {
        return "curl -X POST %s/orders -H 'Content-Type: application/json' -d '%s'"
                .formatted(target.url("order-service"), body);
    }

    Reply order(String body) {
        String url = target.url("order-service") + "/orders";
        return send(
                HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)),
                url);
    }

    JsonNode order(JsonNode accepted) {
        return read(target.url("order-service") + "/orders/" + accepted.path("orderId").asString());
    }

    /** The saga of an order; null if the orchestrator has not taken it up yet. */
    @Nullable JsonNode saga(String orderId) {
        JsonNode items = read(sagasUrl(orderId)).path("items");
        return items.isEmpty() ? null : items.get(0);
    }

    String sagasUrl(String orderId) {
        return target.managementUrl("saga-orchestrator") + "/actuator/sagas?orderId="
                + URLEncoder.encode(orderId, StandardCharsets.UTF_8);
    }

    JsonNode sagaWithLog(String sagaId) {
        return read(target.managementUrl("saga-orchestrator") + "/actuator/sagas/" + sagaId);
    }

    boolean isReady(String service) {
        try {
            String url = target.url(service) + "/readyz";
            return send(HttpRequest.newBuilder(URI.create(url)), url).status() == 200;
        } catch (TourException notYet) {
            return false;
        }
    }

    private void write(String service, String method, String path, String body) {
        String url = target.url(service) + path;
        guide.command("curl -u $OPERATOR -X %s %s -H 'Content-Type: application/json' -d '%s'"
                .formatted(method, url, body));
        String credentials = target.operatorUser() + ":" + target.operatorPassword();
        required(
                send(
                        HttpRequest.newBuilder(URI.create(url))
                                .header("Content-Type", "application/json")
                                .header(
                                        "Authorization",
                                        "Basic "
                                                + Base64.getEncoder()
                                                        .encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
                                .method(method, BodyPublishers.ofString(body)),
                        url),
                method + " " + url);
    }

    private JsonNode read(String url) {
        return required(send(HttpRequest.newBuilder(URI.create(url)), url), url);
    }

    private static JsonNode required(Reply reply, String request) {
        if (reply.status() >= 300) {
            throw new TourException("%s was answered with %d: %s".formatted(request, reply.status(), reply.body()));
        }
        return reply.body();
    }

    private Reply send(HttpRequest.Builder request, String url) {
        try {
            HttpResponse<String> response =
                    http.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
            String body = response.body();
            return new Reply(response.statusCode(), body.isEmpty() ? JSON.nullNode() : JSON.readTree(body));
        } catch (IOException cause) {
            throw new TourException("%s does not answer: %s".formatted(url, cause), cause);
        } catch (JacksonException cause) {
            throw new TourException("%s answered with something that is not JSON.".formatted(url), cause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TourException("Interrupted.", interrupted);
        }
    }
}
