package io.baton.payment.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.baton.contract.Money;
import io.baton.payment.GatewayAnswer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is believed of the answers of a gateway that is not what it should be. */
class HttpCardGatewayTest {

    private static final String ENTRY =
            """
            {"id":"ch_1","kind":"CAPTURE","idempotencyKey":"a/b","amountMinor":700,"currency":"EUR","news":1}""";

    private final AtomicInteger elsewhere = new AtomicInteger();
    private HttpServer server;
    private HttpCardGateway gateway;
    private volatile int status = 201;
    private volatile String body = ENTRY;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Location", "/elsewhere");
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.createContext("/elsewhere", exchange -> {
            try (exchange) {
                elsewhere.incrementAndGet();
                exchange.sendResponseHeaders(201, -1);
            }
        });
        server.start();
        gateway = new HttpCardGateway(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"), Duration.ofSeconds(1));
    }

    @AfterEach
    void stop() {
        gateway.close();
        server.stop(0);
    }

    @Test
    void a_capture_is_booked_with_the_amount_that_the_gateway_names() throws Exception {
        assertThat(capture()).isEqualTo(new GatewayAnswer.Booked("ch_1", new Money(700, "EUR")));
    }

    @Test
    void a_402_with_a_reason_is_a_decline() throws Exception {
        answer(402, "{\"error\":{\"code\":\"CARD_DECLINED\"}}");

        assertThat(capture()).isEqualTo(new GatewayAnswer.Declined());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "<html>Payment required</html>", "{}", "{\"error\":{}}"})
    void a_402_without_a_reason_is_nobody_s_decline(String text) {
        answer(402, text);

        assertThatThrownBy(this::capture).isInstanceOf(GatewayNonsenseException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504, 408, 429})
    void trouble_is_trouble_and_may_pass(int code) {
        answer(code, "{}");

        assertThatThrownBy(this::capture).isInstanceOf(GatewayFailedException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 400, 401, 404, 409, 422})
    void any_other_answer_is_nonsense(int code) {
        answer(code, code == 204 ? "" : "{}");

        assertThatThrownBy(this::capture).isInstanceOf(GatewayNonsenseException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void no_redirect_is_followed(int code) {
        answer(code, "");

        assertThatThrownBy(this::capture).isInstanceOf(GatewayNonsenseException.class);
        assertThat(elsewhere).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "\"id\":\"ch_1\"|\"id\":null",
        "\"kind\":\"CAPTURE\"|\"kind\":\"REFUND\"",
        "\"idempotencyKey\":\"a/b\"|\"idempotencyKey\":\"a/c\"",
        "\"amountMinor\":700|\"amountMinor\":\"much\"",
        "\"amountMinor\":700,|",
        "\"currency\":\"EUR\"|\"currency\":\"euro\"",
        "}|"
    })
    void an_entry_that_is_not_exactly_ours_is_nonsense(String part, String instead) {
        answer(201, ENTRY.replace(part, instead == null ? "" : instead));

        assertThatThrownBy(this::capture).isInstanceOf(GatewayNonsenseException.class);
    }

    @Test
    void an_endless_answer_is_not_read_to_its_end() {
        answer(201, "\"" + "x".repeat(100_000) + "\"");

        assertThatThrownBy(this::capture).isInstanceOf(IOException.class);
    }

    private void answer(int code, String text) {
        status = code;
        body = text;
    }

    private GatewayAnswer capture() throws Exception {
        return gateway.capture("a/b", "tok_ok", new Money(700, "EUR"), "order-1");
    }
}
