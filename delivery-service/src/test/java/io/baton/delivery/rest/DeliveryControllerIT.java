package io.baton.delivery.rest;

import static io.baton.delivery.Fixture.addressIn;
import static io.baton.delivery.Fixture.newOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.OrderId;
import io.baton.delivery.Delivery;
import io.baton.delivery.DeliveryScheduling;
import io.baton.delivery.DeliveryTest;
import io.baton.messaging.test.RealServers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DeliveryTest
class DeliveryControllerIT {

    @LocalServerPort
    int port;

    @Autowired
    DeliveryScheduling scheduling;

    @Test
    void everybody_may_see_that_there_is_a_delivery_but_not_whose() throws Exception {
        OrderId order = newOrder();
        scheduling.schedule(order, addressIn("DE"));

        HttpResponse<String> answer = get("/deliveries/" + order, null);

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode body = new JsonMapper().readTree(answer.body());
        assertThat(body.get("orderId").asString()).isEqualTo(order.toString());
        assertThat(body.get("deliveryId").asString()).isEqualTo("D-" + order);
        assertThat(body.get("status").asString()).isEqualTo("SCHEDULED");
        assertThat(body.get("country").asString()).isEqualTo("DE");
        assertThat(answer.body()).doesNotContain("address", "Ada", "Long Street", "Springfield", "12345");
    }

    @Test
    void the_operator_sees_the_address_and_no_cache_keeps_it() throws Exception {
        OrderId order = newOrder();
        scheduling.schedule(order, addressIn("DE"));

        HttpResponse<String> answer = get("/deliveries/" + order, RealServers.OPERATOR_PASSWORD);

        assertThat(new JsonMapper().readTree(answer.body()).get("address").get("city").asString())
                .isEqualTo("Springfield");
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(answer.headers().allValues("Vary")).contains("Authorization");
    }

    @Test
    void a_wrong_password_sees_nothing() throws Exception {
        OrderId order = newOrder();
        scheduling.schedule(order, addressIn("DE"));

        HttpResponse<String> answer = get("/deliveries/" + order, "a-wrong-password");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).doesNotContain("Springfield", "D-" + order);
    }

    @Test
    void a_refused_delivery_says_so() throws Exception {
        OrderId order = newOrder();
        scheduling.schedule(order, addressIn("US"));

        JsonNode body = new JsonMapper().readTree(get("/deliveries/" + order, null).body());

        assertThat(body.get("status").asString()).isEqualTo("REFUSED");
        assertThat(body.has("deliveryId")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"7ZZZZZZZZZZZZ", "x", "0000000000000000000000000000000000", "%00", "..%2f"})
    void an_order_that_nobody_knows_is_a_problem_and_no_failure(String order) throws Exception {
        HttpResponse<String> answer = get("/deliveries/" + order, null);

        assertThat(answer.statusCode()).isIn(400, 404);
        assertThat(answer.headers().firstValue("Content-Type")).hasValueSatisfying(type -> assertThat(type)
                .startsWith("application/problem+json"));
    }

    @Test
    void the_operator_sends_a_delivery_on_its_way_once() throws Exception {
        OrderId order = newOrder();
        scheduling.schedule(order, addressIn("DE"));

        HttpResponse<String> answer = dispatch(order, RealServers.OPERATOR_PASSWORD);
        HttpResponse<String> again = dispatch(order, RealServers.OPERATOR_PASSWORD);

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode body = new JsonMapper().readTree(answer.body());
        assertThat(body.get("status").asString()).isEqualTo("DISPATCHED");
        assertThat(body.get("endedAt").asString()).isNotEmpty();
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(answer.body());
        assertThat(new JsonMapper().readTree(get("/deliveries/" + order, null).body()).get("status").asString())
                .isEqualTo("DISPATCHED");
    }

    @Test
    void nobody_else_sends_anything_on_its_way() throws Exception {
        OrderId order = newOrder();
        scheduling.schedule(order, addressIn("DE"));

        assertThat(dispatch(order, null).statusCode()).isEqualTo(401);
        assertThat(dispatch(order, "a-wrong-password").statusCode()).isEqualTo(401);

        assertThat(scheduling.find(order).orElseThrow().status()).isEqualTo(Delivery.Status.SCHEDULED);
    }

    @Test
    void a_cancelled_delivery_is_a_problem_for_who_wants_to_dispatch_it() throws Exception {
        OrderId order = newOrder();
        scheduling.schedule(order, addressIn("DE"));
        scheduling.cancel(order);

        HttpResponse<String> answer = dispatch(order, RealServers.OPERATOR_PASSWORD);

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("urn:baton:problem:delivery-cancelled", "DELIVERY_CANCELLED");
        JsonNode body = new JsonMapper().readTree(get("/deliveries/" + order, RealServers.OPERATOR_PASSWORD).body());
        assertThat(body.get("status").asString()).isEqualTo("CANCELLED");
        assertThat(body.has("address")).isFalse();
    }

    @Test
    void what_was_refused_or_never_asked_for_cannot_be_dispatched() throws Exception {
        OrderId refused = newOrder();
        scheduling.schedule(refused, addressIn("US"));
        OrderId neverAsked = newOrder();
        scheduling.cancel(neverAsked);

        HttpResponse<String> answer = dispatch(refused, RealServers.OPERATOR_PASSWORD);

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("urn:baton:problem:delivery-refused", "ADDRESS_NOT_SERVED");
        assertThat(dispatch(newOrder(), RealServers.OPERATOR_PASSWORD).statusCode()).isEqualTo(404);
        JsonNode body = new JsonMapper().readTree(get("/deliveries/" + neverAsked, null).body());
        assertThat(body.get("status").asString()).isEqualTo("CANCELLED");
        assertThat(body.has("country")).isFalse();
    }

    private HttpResponse<String> get(String path, @Nullable String password) throws Exception {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)), password);
    }

    private HttpResponse<String> dispatch(OrderId order, @Nullable String password) throws Exception {
        URI target = URI.create("http://127.0.0.1:" + port + "/deliveries/" + order + "/dispatch");
        return send(HttpRequest.newBuilder(target).POST(HttpRequest.BodyPublishers.noBody()), password);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request, @Nullable String password)
            throws Exception {
        if (password != null) {
            String credentials = RealServers.OPERATOR + ":" + password;
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }
}
