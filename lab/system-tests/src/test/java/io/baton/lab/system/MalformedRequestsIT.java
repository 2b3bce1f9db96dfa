package io.baton.lab.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.lab.running.RunningStack;
import io.baton.lab.running.Shop;
import io.baton.lab.running.Tables;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** 2,000 malformed requests: each one gets a problem that says what is wrong, none a 5xx, and no row changes. */
class MalformedRequestsIT {

    private static final int REQUESTS = 2_000;
    private static final long SEED = Long.getLong("baton.seed", 20_260_101L);

    private final RunningStack stack = RunningStack.shared();
    private final Shop shop = new Shop(stack, "malformed").open(1_000, "100000.00");
    private final String orders = stack.url("order-service") + "/orders";
    private final SplittableRandom random = new SplittableRandom(SEED);

    /** One way of being wrong. */
    private interface Kind {
        HttpRequest.Builder request();
    }

    @Test
    void malformed_requests_get_a_problem_and_change_nothing() throws Exception {
        List<Kind> kinds = kinds();
        Map<String, Long> before = countedAtRest();
        Map<Integer, Integer> statuses = new TreeMap<>();
        for (int i = 0; i < REQUESTS; i++) {
            int kind = i % kinds.size();
            HttpResponse<String> answer = stack.send(kinds.get(kind).request());
            String context = "seed " + SEED + ", kind " + kind + ", answer " + answer.statusCode() + " " + answer.body();
            statuses.merge(answer.statusCode(), 1, Integer::sum);
            assertThat(answer.statusCode()).as(context).isBetween(400, 499);
            assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                    .as(context)
                    .startsWith("application/problem+json");
            JsonNode problem = RunningStack.JSON.readTree(answer.body());
            assertThat(problem.get("status").asInt()).as(context).isEqualTo(answer.statusCode());
            assertThat(problem.get("title").asString()).as(context).isNotBlank();
            assertThat(answer.body()).as(context).doesNotContain("java.", "org.springframework", "SELECT ", "io.baton.");
        }
        System.out.println(REQUESTS + " malformed requests of " + kinds.size() + " kinds, seed " + SEED + ": " + statuses);
        assertThat(Tables.rowCounts(stack)).isEqualTo(before);
    }

    /** What the last order had to say is deleted some time after it was said. */
    private Map<String, Long> countedAtRest() {
        return await().atMost(Duration.ofSeconds(30)).until(() -> Tables.rowCounts(stack), counts -> counts.entrySet().stream()
                .filter(table -> table.getKey().endsWith("/messaging.outbox"))
                .allMatch(table -> table.getValue() == 0));
    }

    private List<Kind> kinds() {
        String good = shop.order(1, "DE");
        List<Kind> kinds = new ArrayList<>();
        // Every field wrong in its own way.
        for (String field : List.of("customerId", "items", "payment", "deliveryAddress")) {
            for (String value : List.of("null", "7", "true", "\"\"", "[]", "{}", "\"\\u0000\"", "[[[]]]")) {
                kinds.add(() -> json(with(field, value)));
            }
            kinds.add(() -> json(without(field)));
        }
        for (String quantity : List.of("0", "-1", "1001", "2147483648", "9223372036854775808", "1e400", "1.5", "\"1\"", "NaN",
                "null", "-0", "99999999999999999999999999")) {
            kinds.add(() -> json(with("items", items("\"" + sku() + "\"", quantity))));
        }
        for (String sku : List.of("\"NO-SUCH-SKU\"", "\"\"", "null", "5", "\"" + "x".repeat(5_000) + "\"", "\"a b\"")) {
            kinds.add(() -> json(with("items", items(sku, "1"))));
        }
        for (int lines : List.of(101, 1_000)) {
            kinds.add(() -> json(with("items", "[" + (line() + ",").repeat(lines - 1) + line() + "]")));
        }
        for (String payment : List.of("{\"method\":\"CASH\"}", "{\"method\":\"CARD\"}", "{\"method\":\"wallet\"}",
                "{\"method\":\"WALLET\",\"token\":\"tok_ok\"}", "{\"method\":\"WALLET\",\"paid\":true}", "{\"method\":null}",
                "{\"method\":\"CARD\",\"token\":\"\"}", "{\"method\":\"CARD\",\"token\":\"" + "t".repeat(1_000) + "\"}")) {
            kinds.add(() -> json(with("payment", payment)));
        }
        for (String country : List.of("XX", "de", "DEU", "", "D", "1", "ZZ", "🇩🇪")) {
            kinds.add(() -> json(shop.order(1, country)));
        }
        for (String field : List.of("name", "line1", "city", "postalCode", "country")) {
            for (String value : List.of("null", "\"" + "y".repeat(3_000) + "\"", "\"\\u0007\"", "{}")) {
                kinds.add(() -> json(good.replaceFirst(
                        "\"" + field + "\":\"[^\"]*\"", Matcher.quoteReplacement("\"" + field + "\":" + value))));
            }
        }
        // Fields that are not the client's to set.
        for (String extra : List.of("status", "version", "orderId", "total", "price", "paid", "__proto__", "x")) {
            kinds.add(() -> json(good.replaceFirst("\\{", "{\"" + extra + "\":\"v\",")));
        }
        kinds.add(() -> json(good.replaceFirst("\\{", "{\"customerId\":\"other\",")));
        // Not JSON, or not one document of it.
        kinds.add(() -> json(good.substring(0, 1 + random.nextInt(good.length() - 2))));
        for (String body : List.of("", "null", "[]", "\"\"", "5", "{", "}{", good + good, good + "x", "\u0000", "[".repeat(5_000))) {
            kinds.add(() -> json(body));
        }
        kinds.add(() -> bytes(new byte[] {'{', '"', (byte) 0xC3, (byte) 0x28, '"', ':', '1', '}'}));
        kinds.add(() -> bytes(randomBytes(1 + random.nextInt(200))));
        kinds.add(() -> json(good.replace("12345", "z".repeat(70_000))));
        kinds.add(() -> json(" ".repeat(100_000) + good));
        // Wrong media types, methods and paths.
        for (String type : List.of("text/plain", "text/xml", "application/x-www-form-urlencoded", "application/octet-stream", "a")) {
            kinds.add(() -> HttpRequest.newBuilder(URI.create(orders))
                    .header("Content-Type", type)
                    .POST(BodyPublishers.ofString(good)));
        }
        kinds.add(() -> HttpRequest.newBuilder(URI.create(orders)).POST(BodyPublishers.ofString(good)));
        for (String method : List.of("PUT", "PATCH", "DELETE", "FOO")) {
            kinds.add(() -> HttpRequest.newBuilder(URI.create(orders))
                    .header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofString(good)));
        }
        for (String id : List.of("x", "%2e%2e%2fetc", "0000000000000;jsessionid=1", "-1", "A".repeat(4_000), "ZZZZZZZZZZZZZ", "%00",
                "0000000000000", "%F0%9F%92%A3", "'%20or%201=1--")) {
            kinds.add(() -> HttpRequest.newBuilder(URI.create(orders + "/" + id)).GET());
        }
        kinds.add(() -> HttpRequest.newBuilder(URI.create(orders + "/")).header("Accept", "text/html").GET());
        kinds.add(() -> HttpRequest.newBuilder(URI.create(stack.url("order-service") + "/nothing/here")).GET());
        // Idempotency keys.
        for (String key : List.of("", " ", "k".repeat(256), "k".repeat(6_000), "a b\tc")) {
            kinds.add(() -> json(good).header("Idempotency-Key", key));
        }
        // The other services' writes: first without the operator's credentials, then with them and wrong.
        for (String url : List.of(
                stack.url("inventory-service") + "/products/P", stack.url("inventory-service") + "/products/P/receipts",
                stack.url("payment-service") + "/wallets/w/credits", stack.url("payment-service") + "/payments")) {
            kinds.add(() -> HttpRequest.newBuilder(URI.create(url))
                    .header("Content-Type", "application/json")
                    .method(url.endsWith("/P") ? "PUT" : "POST", BodyPublishers.ofString("{}")));
            for (String body : List.of("{}", "[]", "{\"quantity\":0}", "{\"quantity\":-5}", "{\"amount\":{\"amount\":\"-1.00\",\"currency\":\"EUR\"}}",
                    "{\"amount\":{\"amount\":\"1.001\",\"currency\":\"EUR\"}}", "{\"amount\":{\"amount\":\"1\",\"currency\":\"eur\"}}",
                    "{\"name\":\"\",\"price\":{\"amount\":\"1.00\",\"currency\":\"EUR\"}}", "{\"name\":\"x\",\"price\":{\"amount\":1,\"currency\":\"EUR\"}}")) {
                kinds.add(() -> asOperator(url, body));
            }
        }
        return kinds;
    }

    private String sku() {
        return "malformed-SKU";
    }

    private String line() {
        return "{\"sku\":\"" + sku() + "\",\"quantity\":1}";
    }

    private static String items(String sku, String quantity) {
        return "[{\"sku\":" + sku + ",\"quantity\":" + quantity + "}]";
    }

    /** A good order in which one top-level field has another value. */
    private String with(String field, String value) {
        var order = (tools.jackson.databind.node.ObjectNode) RunningStack.JSON.readTree(shop.order(1, "DE"));
        order.put(field, "@@");
        return order.toString().replace("\"@@\"", value);
    }

    private String without(String field) {
        var order = (tools.jackson.databind.node.ObjectNode) RunningStack.JSON.readTree(shop.order(1, "DE"));
        order.remove(field);
        return order.toString();
    }

    private HttpRequest.Builder json(String body) {
        return bytes(body.getBytes(StandardCharsets.UTF_8));
    }

    private HttpRequest.Builder bytes(byte[] body) {
        return HttpRequest.newBuilder(URI.create(orders))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body));
    }

    private HttpRequest.Builder asOperator(String url, String body) {
        JsonNode operator = stack.description().get("operator");
        String credentials = operator.get("user").asString() + ":" + operator.get("password").asString();
        return HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .header(
                        "Authorization",
                        "Basic " + java.util.Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
                .method(url.endsWith("/P") ? "PUT" : "POST", BodyPublishers.ofString(body));
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
