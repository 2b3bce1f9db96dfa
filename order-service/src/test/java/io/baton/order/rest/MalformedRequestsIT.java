package io.baton.order.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.Money;
import io.baton.order.OrderService;
import io.baton.order.OrderServiceTest;
import io.baton.order.rest.Malformed.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;

/** Sends what no well-meaning client sends, through a socket of its own, because clients refuse to. */
@OrderServiceTest
class MalformedRequestsIT {

    private static final int SEEDS = 1_500;

    @LocalServerPort
    private int port;

    @Autowired
    private JdbcTemplate jdbc;

    private OrderService service;

    @BeforeEach
    void catalogue() {
        service = new OrderService(port, jdbc);
        service.product("KEYBOARD", new Money(4999, "EUR"));
    }

    private record Answer(int status, String head, String body) {

        boolean isProblem() {
            return head.contains("content-type: application/problem+json") && body.contains("\"status\":" + status);
        }
    }

    @Test
    void every_malformed_request_is_refused_with_a_problem_and_changes_no_row() throws IOException {
        assertThat(send(new Kind("good", "POST", "/orders", Map.of("Content-Type", "application/json"),
                        Malformed.good().getBytes(StandardCharsets.UTF_8))).status())
                .isEqualTo(202);
        Map<String, Object> before = service.rows();
        List<Kind> kinds = Malformed.all();
        List<String> wrong = new ArrayList<>();
        for (Kind kind : kinds) {
            Answer answer = send(kind);
            if (answer.status() < 400 || answer.status() >= 500 || !answer.isProblem()
                    || !answer.body().contains("\"errors\":[{\"pointer\":")) {
                wrong.add(kind.name() + " -> " + answer.status() + " " + answer.body());
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(kinds).hasSizeGreaterThan(600);
        assertThat(service.rows()).isEqualTo(before);
    }

    @Test
    void every_malformed_wish_to_cancel_is_refused_with_a_problem_and_changes_nothing() throws IOException {
        String order = service.post(Malformed.good()).orderId();
        List<String> wrong = new ArrayList<>();
        for (Kind kind : Malformed.cancellations(order)) {
            Answer answer = send(kind);
            if (answer.status() < 400 || answer.status() >= 500 || !answer.isProblem()) {
                wrong.add(kind.name() + " -> " + answer.status() + " " + answer.body());
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(service.get("/orders/" + order).header("ETag")).isEqualTo("\"v1\"");
    }

    @Test
    void whatever_bytes_come_the_answer_is_an_order_or_a_problem() throws IOException {
        long before = (Long) service.rows().get("orders");
        List<String> wrong = new ArrayList<>();
        int accepted = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Kind kind = Malformed.fuzzed(seed);
            Answer answer = send(kind);
            if (answer.status() == 202) {
                accepted++;
            } else if (answer.status() != 400 || !answer.isProblem()) {
                wrong.add(kind.name() + " -> " + answer.status() + " " + answer.body());
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(accepted).isLessThan(SEEDS / 2);
        assertThat(service.rows().get("orders")).isEqualTo(before + accepted);
    }

    private Answer send(Kind kind) throws IOException {
        StringBuilder head = new StringBuilder(kind.method() + " " + kind.path() + " HTTP/1.1\r\nHost: localhost\r\n");
        kind.headers().forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(kind.body().length).append("\r\nConnection: close\r\n\r\n");
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(30_000);
            try {
                socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().write(kind.body());
            } catch (IOException e) {
                // The service answered and closed before it had read everything.
            }
            return answer(socket);
        }
    }

    private static Answer answer(Socket socket) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(bytes);
        } catch (IOException e) {
            // What came before is the answer.
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        int end = text.indexOf("\r\n\r\n");
        return end < 12
                ? new Answer(0, "", text)
                : new Answer(
                        Integer.parseInt(text.substring(9, 12)),
                        text.substring(0, end).toLowerCase(Locale.ROOT),
                        text.substring(end + 4));
    }
}
