package io.baton.order.rest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Makes requests for orders that are wrong in one way each. */
final class Malformed {

    /**
     * One request that must be refused.
     *
     * @param name says what is wrong with it
     */
    record Kind(String name, String method, String path, Map<String, String> headers, byte[] body) {}

    private static final String GOOD =
            """
            {"customerId":"c-1","items":[{"sku":"KEYBOARD","quantity":2}],"payment":{"method":"CARD","token":"tok_ok"},\
            "deliveryAddress":{"name":"Ada","line1":"Street 1","line2":"c/o","city":"Berlin","postalCode":"10115",\
            "country":"DE"}}""";

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    /** What no field takes. */
    private static final List<String> NEVER_GOOD = List.of("true", "\"\"", "\" \"", "NaN", "'x'", "x", "\"\\ud800\"",
            "\"\\u0000\"", "\"a\\r\\nb\"",
            "\"\\u202Eevil\"", "1e400", "-1", "1.5", "[[]]", "[1]", "{\"a\":1}", "\"" + "x".repeat(2000) + "\"");

    private static final Map<String, List<String>> BAD_VALUES = Map.ofEntries(
            Map.entry("\"c-1\"", List.of("null", "1", "[]", "{}", "\"a b\"", "\"ä\"",
                    "\"../x\"", "\"${jndi:ldap://x}\"", "\"<b>\"")),
            Map.entry("\"KEYBOARD\"", List.of("null", "1", "[]", "{}", "\"NOTHING\"", "\"keyboard\"",
                    "\"'; drop table orders --\"", "\"..%2f\"")),
            Map.entry("2}", List.of("null}", "\"2\"}", "2.0}", "0}", "-0}",
                    "1001}", "2147483648}", "9223372036854775808}",
                    "1e2}", "02}", "+2}", "0x2}", "\"٢\"}")),
            Map.entry("\"CARD\"", List.of("null", "0", "1", "\"card\"", "\"BITCOIN\"", "\"WALLET\"", "[]", "{}")),
            Map.entry("\"tok_ok\"", List.of("null", "1", "[]", "{}", "\"tok ok\"", "\"4111111111111111\"")),
            Map.entry("\"Ada\"", List.of("null", "1", "[]", "{}")),
            Map.entry("\"Street 1\"", List.of("null", "1", "[]", "{}")),
            Map.entry("\"c/o\"", List.of("1", "[]", "{}")),
            Map.entry("\"Berlin\"", List.of("null", "1", "[]", "{}")),
            Map.entry("\"10115\"", List.of("null", "10115", "[]", "{}", "\"123456789012345678901\"")),
            Map.entry("\"DE\"", List.of("null", "1", "[]", "{}", "\"de\"", "\"DEU\"", "\"XX\"", "\"D\"")));

    private static final List<String> FIELDS = List.of("customerId", "items", "sku", "quantity", "payment", "method",
            "deliveryAddress", "name", "line1", "city", "postalCode", "country");

    private Malformed() {}

    static String good() {
        return GOOD;
    }

    static List<Kind> all() {
        List<Kind> kinds = new ArrayList<>();
        values(kinds);
        structure(kinds);
        bytes(kinds);
        headers(kinds);
        targets(kinds);
        for (int end = 0; end < GOOD.length(); end++) {
            kinds.add(body("cut after " + end + " bytes", GOOD.substring(0, end)));
        }
        return kinds;
    }

    /** Wishes that an order be cancelled that are wrong in one way each. */
    static List<Kind> cancellations(String orderId) {
        String path = "/orders/" + orderId + "/cancellation";
        List<Kind> kinds = new ArrayList<>();
        List<String> bodies = new ArrayList<>(List.of("[]", "\"\"", "1", "true", "{", "}", "[{}]", "{}x", "{}{}",
                "// c\n{}", "{\"Reason\":\"x\"}", "{\"reason\":\"x\",\"reason\":\"y\"}",
                "{\"state\":\"GRANTED\"}", "{\"reason\":\"x\",\"code\":\"TIMEOUT\"}", "{\"a\":".repeat(5_000),
                "{\"reason\":\"" + "x".repeat(201) + "\"}"));
        NEVER_GOOD.forEach(bad -> bodies.add("{\"reason\":" + bad + "}"));
        bodies.forEach(body -> kinds.add(new Kind(
                "cancellation " + abbreviated(body), "POST", path, JSON, body.getBytes(StandardCharsets.UTF_8))));
        kinds.add(new Kind("cancellation of 1 MB", "POST", path, JSON,
                ("{}" + " ".repeat(1 << 20)).getBytes(StandardCharsets.UTF_8)));
        for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "garbage")) {
            kinds.add(new Kind("cancellation as " + type, "POST", path, Map.of("Content-Type", type),
                    "{}".getBytes(StandardCharsets.UTF_8)));
        }
        for (String method : List.of("GET", "PUT", "PATCH", "DELETE", "TRACE")) {
            kinds.add(new Kind(method + " a cancellation", method, path, JSON, new byte[0]));
        }
        for (String target : List.of(path + "/", path + "/x", "/orders/" + orderId + "/Cancellation",
                "/orders//cancellation", "/orders/%00/cancellation", "/orders/..%2f/cancellation",
                path + ";a=b", "/orders/" + orderId.toLowerCase(Locale.ROOT) + "x/cancellation")) {
            kinds.add(new Kind("POST " + target, "POST", target, Map.of(), new byte[0]));
        }
        return kinds;
    }

    /** A good request with some of its bytes changed at random: most are bad, all must be answered properly. */
    static Kind fuzzed(long seed) {
        Random random = new Random(seed);
        byte[] bytes = GOOD.getBytes(StandardCharsets.UTF_8);
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            bytes[random.nextInt(bytes.length)] = random.nextBoolean()
                    ? (byte) random.nextInt(256)
                    : (byte) "{}[]\",:0 \\".charAt(random.nextInt(10));
        }
        return new Kind("fuzzed with seed " + seed, "POST", "/orders", JSON, bytes);
    }

    private static void values(List<Kind> kinds) {
        BAD_VALUES.forEach((good, bads) -> {
            String tail = good.endsWith("}") ? "}" : "";
            List<String> all = new ArrayList<>(bads);
            NEVER_GOOD.forEach(bad -> all.add(bad + tail));
            all.forEach(bad -> kinds.add(body(good + " replaced by " + bad, GOOD.replace(good, bad))));
        });
    }

    private static void structure(List<Kind> kinds) {
        for (String field : FIELDS) {
            String name = "\"" + field + "\"";
            kinds.add(body(field + " misspelt", GOOD.replace(name, "\"" + field + "x\"")));
            kinds.add(body(field + " in capitals", GOOD.replace(name, name.toUpperCase(Locale.ROOT))));
            kinds.add(body(field + " twice", GOOD.replace(name, name + ":null," + name)));
            kinds.add(body("unknown before " + field, GOOD.replace(name, "\"paid\":true," + name)));
        }
        for (String extra : List.of("status", "version", "orderId", "total", "price", "__proto__", "@class", "@type",
                "", "a".repeat(300))) {
            kinds.add(body("extra " + extra, GOOD.replaceFirst("\\{", "{\"" + extra + "\":\"1\",")));
        }
        for (String whole : List.of("", "null", "[]", "\"\"", "1", "true", "{}", "{", "}", "[{}]", GOOD + "x",
                GOOD + "{}", GOOD + GOOD,
                "[" + GOOD + "]", "\"" + GOOD.replace("\"", "\\\"") + "\"", "// c\n" + GOOD,
                "/* c */" + GOOD, GOOD + ",",
                GOOD.replace("\"", "'"), "[".repeat(10_000), "{\"a\":".repeat(5_000), "<order/>", "customerId=c-1")) {
            kinds.add(body("whole body " + abbreviated(whole), whole));
        }
        String item = "{\"sku\":\"KEYBOARD\",\"quantity\":2}";
        kinds.add(body("no items", GOOD.replace("[" + item + "]", "[]")));
        kinds.add(body("items with null", GOOD.replace("[" + item + "]", "[null]")));
        kinds.add(body("items as object", GOOD.replace("[" + item + "]", item)));
        kinds.add(body("the same product twice", GOOD.replace(item, item + "," + item)));
        kinds.add(body("101 items", GOOD.replace(item, (item + ",").repeat(100) + item)));
        kinds.add(body("1,500 items", GOOD.replace(item, (item + ",").repeat(1_499) + item)));
    }

    private static void bytes(List<Kind> kinds) {
        kinds.add(raw("latin-1", GOOD.replace("Ada", "\u00c4da").getBytes(StandardCharsets.ISO_8859_1)));
        kinds.add(raw("overlong encoding", splice((byte) 0xC0, (byte) 0x80)));
        kinds.add(raw("surrogate in UTF-8", splice((byte) 0xED, (byte) 0xA0, (byte) 0x80)));
        kinds.add(raw("lone continuation", splice((byte) 0x80)));
        kinds.add(raw("cut character", splice((byte) 0xF0, (byte) 0x9F)));
        kinds.add(raw("0xFF", splice((byte) 0xFF)));
        kinds.add(raw("NUL", splice((byte) 0)));
        kinds.add(raw("raw newline in a text", splice((byte) '\n')));
        kinds.add(raw("zeros", new byte[1_000]));
        kinds.add(body("64 KB and one byte", GOOD + " ".repeat(64 * 1024 + 1 - GOOD.length())));
        kinds.add(body("1 MB", GOOD + " ".repeat(1 << 20)));
    }

    private static void headers(List<Kind> kinds) {
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        for (String type : List.of("text/xml", "text/plain", "application/xml", "application/x-www-form-urlencoded",
                "multipart/form-data", "multipart/form-data; boundary=x",
                "application/octet-stream", "garbage", "application/",
                "application/json; charset=nothing", "*/*", "")) {
            kinds.add(new Kind("content type " + type, "POST", "/orders", Map.of("Content-Type", type), good));
        }
        kinds.add(new Kind("no content type", "POST", "/orders", Map.of(), good));
        for (String key : List.of("a b", "a".repeat(256), "\"\"", "\"", "\u00e4", "a\tb")) {
            kinds.add(new Kind("key " + abbreviated(key), "POST", "/orders",
                    Map.of("Content-Type", "application/json", "Idempotency-Key", key), good));
        }
        for (String accept : List.of("text/html", "application/xml", "garbage", "image/png, text/css")) {
            kinds.add(new Kind(
                    "accept " + accept, "GET", "/orders/0000000000000", Map.of("Accept", accept), new byte[0]));
        }
    }

    private static void targets(List<Kind> kinds) {
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        for (String method : List.of("PUT", "PATCH", "DELETE", "TRACE", "FOO")) {
            kinds.add(new Kind(method + " /orders", method, "/orders", JSON, good));
            kinds.add(new Kind(method + " an order", method, "/orders/0000000000000", JSON, good));
        }
        for (String path : List.of("/orders/", "/orders/x", "/orders/0000000000000/x", "/orders/%2e%2e",
                "/orders/..%2f",
                "/orders/%00", "/orders/%ff", "/orders/%252e", "/orders;a=b", "/orders/x;jsessionid=1", "//orders", "/",
                "/orders/" + "A".repeat(5_000), "/favicon.ico", "/error", "/actuator", "/actuator/env",
                "/orders/0000000000000.json",
                "/orders/0000000000000%20", "/orders/0o00000000000", "/orders/%C3%A4", "/%5c", "/orders/-1",
                "/orders?id=1")) {
            kinds.add(new Kind("GET " + abbreviated(path), "GET", path, Map.of(), new byte[0]));
        }
        kinds.add(new Kind("POST to an order", "POST", "/orders/0000000000000", JSON, good));
        kinds.add(new Kind("POST to nothing", "POST", "/nothing", JSON, good));
    }

    private static byte[] splice(byte... bytes) {
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        int at = GOOD.indexOf("Ada") + 1;
        byte[] spliced = new byte[good.length + bytes.length];
        System.arraycopy(good, 0, spliced, 0, at);
        System.arraycopy(bytes, 0, spliced, at, bytes.length);
        System.arraycopy(good, at, spliced, at + bytes.length, good.length - at);
        return spliced;
    }

    private static Kind body(String name, String body) {
        if (body.equals(GOOD)) {
            throw new IllegalArgumentException("Expected something wrong: " + name);
        }
        return raw(abbreviated(name), body.getBytes(StandardCharsets.UTF_8));
    }

    private static Kind raw(String name, byte[] body) {
        return new Kind(name, "POST", "/orders", JSON, body);
    }

    private static String abbreviated(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
