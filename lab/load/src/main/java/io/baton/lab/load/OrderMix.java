package io.baton.lab.load;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The orders to send, encoded beforehand, in an order that the seed decides. */
final class OrderMix {

    /** How many different orders there are; they are sent again and again. */
    private static final int VARIANTS = 2_000;

    /** One order to send. */
    record Draw(OrderKind kind, byte[] headersAndBody) {}

    private final byte[] requestLine;
    private final Draw[] draws = new Draw[VARIANTS];
    private final SplittableRandom random;
    private final double idempotencyKeys;
    private final String keyPrefix;
    private int next;
    private long keys;

    /** @param keyPrefix makes this run's idempotency keys its own */
    OrderMix(LoadOptions options, URI orderService, String keyPrefix) {
        this.random = new SplittableRandom(options.seed());
        this.idempotencyKeys = options.idempotencyKeys();
        this.keyPrefix = keyPrefix;
        String host = orderService.getRawAuthority();
        this.requestLine = bytes("POST /orders HTTP/1.1\r\nHost: " + host + "\r\n");
        // Kinds are spread evenly instead of drawn, so that even a short run has the shares that were asked for.
        Shares shares = new Shares(options);
        for (int i = 0; i < VARIANTS; i++) {
            OrderKind kind = shares.next();
            boolean card = random.nextDouble() < options.cards();
            draws[i] = new Draw(kind, encode(body(kind, card, options)));
        }
    }

    Draw draw() {
        Draw draw = draws[next];
        next = (next + 1) % VARIANTS;
        return draw;
    }

    /** A new idempotency key, or null for a request without one. */
    @Nullable String drawKey() {
        return random.nextDouble() < idempotencyKeys ? keyPrefix + "-" + ++keys : null;
    }

    byte[] request(Draw draw, @Nullable String idempotencyKey) {
        byte[] key = idempotencyKey == null ? new byte[0] : bytes("Idempotency-Key: " + idempotencyKey + "\r\n");
        byte[] request = new byte[requestLine.length + key.length + draw.headersAndBody().length];
        System.arraycopy(requestLine, 0, request, 0, requestLine.length);
        System.arraycopy(key, 0, request, requestLine.length, key.length);
        System.arraycopy(
                draw.headersAndBody(), 0, request, requestLine.length + key.length, draw.headersAndBody().length);
        return request;
    }

    private String body(OrderKind kind, boolean card, LoadOptions options) {
        String customer = kind == OrderKind.REFUSED_BY_PAYMENT && !card
                ? Fixtures.CUSTOMER_WITHOUT_CREDIT
                : Fixtures.customer(1 + random.nextInt(Fixtures.CUSTOMERS));
        StringBuilder items = new StringBuilder();
        int first = random.nextInt(Fixtures.PRODUCTS);
        for (int i = 0; i < options.lines(); i++) {
            String sku = kind == OrderKind.REFUSED_BY_STOCK && i == 0
                    ? Fixtures.PRODUCT_WITHOUT_STOCK
                    : Fixtures.product(1 + (first + i) % Fixtures.PRODUCTS);
            items.append(i == 0 ? "" : ",")
                    .append("{\"sku\":\"%s\",\"quantity\":%d}".formatted(sku, 1 + random.nextInt(3)));
        }
        String payment = !card
                ? "{\"method\":\"WALLET\"}"
                : "{\"method\":\"CARD\",\"token\":\"%s\"}"
                        .formatted(kind == OrderKind.REFUSED_BY_PAYMENT ? "tok_declined" : "tok_ok");
        String country =
                kind == OrderKind.REFUSED_BY_DELIVERY ? options.refusedCountry() : options.servedCountry();
        return """
                {"customerId":"%s","items":[%s],"payment":%s,"deliveryAddress":{"name":"Load","line1":"Main Street 1",\
                "city":"Springfield","postalCode":"12345","country":"%s"}}"""
                .formatted(customer, items, payment, country);
    }

    private static byte[] encode(String json) {
        byte[] body = bytes(json);
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        encoded.writeBytes(bytes("Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n"));
        encoded.writeBytes(body);
        return encoded.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Gives out kinds so that after any number of them each has had its share, to within one. */
    private static final class Shares {

        private final double[] shares;
        private final double[] owed;

        Shares(LoadOptions options) {
            double refused = options.refusePayment() + options.refuseStock() + options.refuseDelivery();
            shares = new double[] {
                1 - refused, options.refusePayment(), options.refuseStock(), options.refuseDelivery()
            };
            owed = new double[shares.length];
        }

        OrderKind next() {
            int most = 0;
            for (int i = 0; i < shares.length; i++) {
                owed[i] += shares[i];
                if (owed[i] > owed[most]) {
                    most = i;
                }
            }
            owed[most] -= 1;
            return OrderKind.values()[most];
        }
    }
}
