package io.baton.lab.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HttpAnswerTest {

    @Test
    void a_body_of_declared_length_is_read() {
        HttpAnswer answer = whole("HTTP/1.1 202 \r\nlocation: /orders/7\r\nContent-Length: 4\r\n\r\n{\"a\"");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.header("Location")).isEqualTo("/orders/7");
        assertThat(answer.header("Locat")).isNull();
        assertThat(text(answer)).isEqualTo("{\"a\"");
        assertThat(answer.closes()).isFalse();
    }

    @Test
    void chunks_are_put_together() {
        HttpAnswer answer =
                whole("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                        + "3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n");

        assertThat(text(answer)).isEqualTo("abc0123456789");
        assertThat(answer.closes()).isTrue();
    }

    @Test
    void an_answer_without_a_body_ends_with_its_headers() {
        assertThat(whole("HTTP/1.1 204 No Content\r\n\r\n").body()).isEmpty();
    }

    @Test
    void no_beginning_of_an_answer_is_taken_for_the_answer() {
        for (String answer : new String[] {
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n"
        }) {
            for (int length = 0; length < answer.length(); length++) {
                assertThat(parse(answer.substring(0, length))).as(answer.substring(0, length)).isNull();
            }
            assertThat(parse(answer)).isNotNull();
        }
    }

    @Test
    void what_is_not_http_is_refused() {
        assertThatThrownBy(() -> parse("SSH-2.0-OpenSSH\r\n\r\n")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> parse("HTTP/1.1 200 OK\r\n\r\n")).hasMessageContaining("Content-Length");
    }

    private static HttpAnswer whole(String text) {
        return Objects.requireNonNull(parse(text));
    }

    private static @Nullable HttpAnswer parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return HttpAnswer.parse(bytes, bytes.length);
    }

    private static String text(HttpAnswer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
