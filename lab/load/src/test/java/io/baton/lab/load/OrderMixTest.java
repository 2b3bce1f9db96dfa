package io.baton.lab.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OrderMixTest {

    private static final URI SERVICE = URI.create("http://localhost:8080");

    @Test
    void even_a_short_run_has_the_shares_that_were_asked_for() {
        OrderMix mix = mix("--refuse-delivery", "0.1", "--refuse-payment", "0.05", "--refuse-stock", "0.05");
        Map<OrderKind, Integer> counts = new EnumMap<>(OrderKind.class);
        for (int i = 0; i < 100; i++) {
            counts.merge(mix.draw().kind(), 1, Integer::sum);
        }

        assertThat(counts)
                .containsEntry(OrderKind.FINE, 80)
                .containsEntry(OrderKind.REFUSED_BY_DELIVERY, 10)
                .containsEntry(OrderKind.REFUSED_BY_PAYMENT, 5)
                .containsEntry(OrderKind.REFUSED_BY_STOCK, 5);
    }

    @Test
    void each_kind_asks_for_what_its_service_refuses() {
        JsonNode delivery = body(mix("--refuse-delivery", "1"));
        assertThat(delivery.at("/deliveryAddress/country").asString()).isEqualTo("US");

        JsonNode stock = body(mix("--refuse-delivery", "0", "--refuse-stock", "1"));
        assertThat(stock.at("/items/0/sku").asString()).isEqualTo(Fixtures.PRODUCT_WITHOUT_STOCK);

        JsonNode wallet = body(mix("--refuse-delivery", "0", "--refuse-payment", "1"));
        assertThat(wallet.at("/customerId").asString()).isEqualTo(Fixtures.CUSTOMER_WITHOUT_CREDIT);

        JsonNode card = body(mix("--refuse-delivery", "0", "--refuse-payment", "1", "--cards", "1"));
        assertThat(card.at("/payment/token").asString()).isEqualTo("tok_declined");

        JsonNode fine = body(mix("--refuse-delivery", "0", "--lines", "3"));
        assertThat(fine.at("/deliveryAddress/country").asString()).isEqualTo("DE");
        assertThat(fine.at("/items")).hasSize(3);
        assertThat(fine.at("/customerId").asString()).isNotEqualTo(Fixtures.CUSTOMER_WITHOUT_CREDIT);
    }

    @Test
    void a_request_is_complete_and_carries_its_key() {
        OrderMix mix = mix("--idempotency-keys", "1");
        String key = mix.drawKey();
        String request = new String(mix.request(mix.draw(), key), StandardCharsets.UTF_8);
        String body = request.substring(request.indexOf("\r\n\r\n") + 4);

        assertThat(key).startsWith("run-7-").isNotEqualTo(mix.drawKey());
        assertThat(request)
                .startsWith("POST /orders HTTP/1.1\r\nHost: localhost:8080\r\nIdempotency-Key: " + key + "\r\n")
                .contains("Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n");
        assertThat(mix("--idempotency-keys", "0").drawKey()).isNull();
    }

    private static OrderMix mix(String... options) {
        return new OrderMix(LoadOptions.parse(options), SERVICE, "run-7");
    }

    private static JsonNode body(OrderMix mix) {
        String request = new String(mix.request(mix.draw(), null), StandardCharsets.UTF_8);
        return JsonMapper.shared().readTree(request.substring(request.indexOf("\r\n\r\n") + 4));
    }
}
