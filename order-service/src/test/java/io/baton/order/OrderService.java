package io.baton.order;

import io.baton.contract.Money;
import io.baton.contract.OrderId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A running order service as its clients see it, and its tables. */
public final class OrderService {

    /** Two keyboards by wallet to Berlin; the catalogue must hold {@code KEYBOARD}. */
    public static final String ORDER =
            """
            {"customerId":"c-1","items":[{"sku":"KEYBOARD","quantity":2}],"payment":{"method":"WALLET"},\
            "deliveryAddress":{"name":"Ada","line1":"Street 1","city":"Berlin","postalCode":"10115","country":"DE"}}""";

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final int port;
    private final JdbcTemplate jdbc;

    public OrderService(int port, JdbcTemplate jdbc) {
        this.port = port;
        this.jdbc = jdbc;
    }

    /** What came back. */
    public record Answer(HttpResponse<String> response) {

        public int status() {
            return response.statusCode();
        }

        public String body() {
            return response.body();
        }

        public JsonNode json() {
            return MAPPER.readTree(response.body());
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        public boolean isProblem() {
            return header("Content-Type").startsWith("application/problem+json");
        }

        /** The first violation, as {@code pointer CODE}. */
        public String violation() {
            JsonNode error = json().path("errors").path(0);
            return error.path("pointer").asString() + " " + error.path("code").asString();
        }

        public String orderId() {
            return json().path("orderId").asString();
        }
    }

    public Answer post(String body, String... headers) {
        return send(request("/orders", headers)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    /** Wishes that the order be cancelled, without a body. */
    public Answer cancel(OrderId order) {
        return send(request("/orders/" + order + "/cancellation").POST(BodyPublishers.noBody()));
    }

    public Answer cancel(OrderId order, String body) {
        return postTo("/orders/" + order + "/cancellation", body);
    }

    public Answer postTo(String path, String body, String... headers) {
        return send(request(path, headers)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    public Answer get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private static Answer send(HttpRequest.Builder request) {
        try {
            return new Answer(HTTP.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Puts a product into the catalogue's copy, as its event would. */
    public void product(String sku, Money price) {
        jdbc.update(
                "insert into catalogue (sku, name, price_minor, currency, version) values (?, ?, ?, ?, 1)"
                        + " on conflict (sku) do update set price_minor = excluded.price_minor",
                sku, sku, price.minorUnits(), price.currency());
    }

    /** How many rows there are in each table that a request could change. */
    public Map<String, Object> rows() {
        return jdbc.queryForMap(
                "select (select count(*) from orders) as orders, (select count(*) from idempotency_key) as keys,"
                        + " (select count(*) from catalogue) as products");
    }
}
