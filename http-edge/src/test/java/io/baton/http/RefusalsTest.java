package io.baton.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.http.test.RawHttp;
import io.baton.http.test.RawHttp.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.profiles.active=demo",
            "baton.operator.user=operator",
            "baton.operator.password=a-long-enough-one",
            "management.server.port=0",
            "management.endpoints.web.exposure.include=*",
            "spring.threads.virtual.enabled=true",
            "management.endpoint.health.probes.add-additional-paths=true"
        })
class RefusalsTest {

    private static final String CREDENTIALS = "Authorization: Basic "
            + Base64.getEncoder().encodeToString("operator:a-long-enough-one".getBytes(StandardCharsets.UTF_8)) + "\n";

    @Value("${local.server.port}")
    private int port;

    @Value("${local.management.port}")
    private int managementPort;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "                                              | REQUIRED         | ``",
        "null                                          | REQUIRED         | ``",
        "[]                                            | WRONG_TYPE       | ``",
        "1                                             | WRONG_TYPE       | ``",
        "{                                             | MALFORMED_JSON   | ``",
        "{'name':'a'} x                                | MALFORMED_JSON   | ``",
        "{'name':'a'}{}                                | TRAILING_CONTENT | ``",
        "{'name':'a','name':'b'}                       | DUPLICATE_FIELD  | /name",
        "{'parts':[{'name':'x','name':'x'}]}           | DUPLICATE_FIELD  | /parts/0/name",
        "{'nam':1}                                     | UNKNOWN_FIELD    | /nam",
        "{'parts':[{'quantity':1,'a/b~c':1}]}          | UNKNOWN_FIELD    | /parts/0/a~1b~0c",
        "{'name':1}                                    | WRONG_TYPE       | /name",
        "{'name':true}                                 | WRONG_TYPE       | /name",
        "{'name':['a']}                                | WRONG_TYPE       | /name",
        "{'size':'1'}                                  | WRONG_TYPE       | /size",
        "{'size':''}                                   | WRONG_TYPE       | /size",
        "{'size':1.0}                                  | WRONG_TYPE       | /size",
        "{'size':1e400}                                | WRONG_TYPE       | /size",
        "{'size':true}                                 | WRONG_TYPE       | /size",
        "{'size':99999999999}                          | OUT_OF_RANGE     | /size",
        "{'size':NaN}                                  | MALFORMED_JSON   | ``",
        "{'colour':'BLUE'}                             | WRONG_VALUE      | /colour",
        "{'colour':0}                                  | WRONG_VALUE      | /colour",
        "{'colour':''}                                 | WRONG_VALUE      | /colour",
        "{'fragile':'true'}                            | WRONG_TYPE       | /fragile",
        "{'fragile':1}                                 | WRONG_TYPE       | /fragile",
        "{'parts':{}}                                  | WRONG_TYPE       | /parts",
        "{'parts':[null]}                              | REQUIRED         | /parts/0",
        "{'parts':[{'quantity':1},{'quantity':'2'}]}   | WRONG_TYPE       | /parts/1/quantity",
        "{'parts':[{'name':'x'}]}                      | REQUIRED         | /parts/0/quantity",
        "{'name':'a b c d e f'}                        | TOO_LONG         | /name",
        "{'name':'\\u0000'}                            | CONTROL_CHARACTER| /name",
        "{'name':'a','price':{'amount':1.2}}           | WRONG_TYPE       | /price/amount",
    })
    void a_body_that_is_wrong_is_refused_by_its_field(String body, String code, String pointer) throws IOException {
        Answer answer = RawHttp.send(port, post("/things", body == null ? "" : body.replace('\'', '"')));

        assertProblem(answer, 400);
        assertThat(answer.body()).contains("{\"pointer\":\"" + pointer + "\",\"code\":\"" + code + "\"");
        assertThat(answer.body()).doesNotContain("io.baton", "java.", "tools.jackson");
    }

    @Test
    void a_document_that_is_too_deep_is_refused_however_it_begins() throws IOException {
        assertProblem(RawHttp.send(port, post("/things", "[".repeat(1_000))), 400);
        assertProblem(RawHttp.send(port, post("/things", "{\"parts\":".repeat(1_000))), 400);
    }

    @Test
    void bytes_that_are_not_utf_8_are_refused() throws IOException {
        Answer answer = RawHttp.send(port, post("/things", "{\"name\":\"\u00ff\"}"));

        assertProblem(answer, 400);
        assertThat(answer.body()).contains("MALFORMED_JSON");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "GET /nothing                  | Accept: application/json          | 404",
        "GET /things/1                 | Accept: text/xml                  | 406",
        "GET /things/1                 | Accept: garbage                   | 406",
        "GET /things/abc               | X-A: b                            | 400",
        "GET /search                   | X-A: b                            | 400",
        "GET /search?limit=a           | X-A: b                            | 400",
        "GET /search?limit=%zz         | X-A: b                            | 400",
        "GET /bug                      | X-A: b                            | 500",
        "GET /down                     | X-A: b                            | 503",
        "GET /error                    | X-A: b                            | 404",
        "POST /things                  | Content-Type: text/xml            | 415",
        "POST /things                  | Content-Type: application/json    | 400",
        "POST /things                  | Content-Type: garbage             | 415",
        "POST /things                  | Content-Type: application/json;charset=foo | 415",
        "POST /things                  | Content-Type: multipart/form-data | 415",
        "POST /things                  | Content-Type: */*                 | 415",
        "POST /things                  | Content-Type: application/*       | 415",
        "POST /nothing                 | Content-Type: application/json    | 401",
        "DELETE /things                | X-A: b                            | 401",
        "DELETE /things/1              | Authorization: Basic %%%          | 401",
        "DELETE /things/1              | Authorization: Basic b3BlcmF0b3I6d3Jvbmc= | 401",
        "TRACE /things                 | X-A: b                            | 405",
        "FOO /things                   | X-A: b                            | 405",
        "GET /things;x=1               | X-A: b                            | 400",
        "GET //things                  | X-A: b                            | 400",
        "GET /things/%2e%2e/x          | X-A: b                            | 400",
        "GET /things/..%2f             | X-A: b                            | 400",
        "GET /things/%00               | X-A: b                            | 400",
        "GET /things/%zz               | X-A: b                            | 400",
        "GET /things/%ff               | X-A: b                            | 400",
        "GET /things/<x>               | X-A: b                            | 400",
        "GET /nothing[                 | X-A: b                            | 400",
        "GET /things/1                 | Host: two                         | 400",
        "GET /things/1                 | Expect: foo                       | 417",
        "POST /things                  | Transfer-Encoding: foo            | 400",
        "POST /things                  | Content-Length: abc               | 400",
    })
    void a_request_that_is_wrong_outside_of_its_body_is_refused(String target, String header, int status)
            throws IOException {
        assertProblem(RawHttp.send(port, target + " HTTP/1.1\nHost: x\n" + header + "\n\n"), status);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "asdf\n\n",
        "GET /things/1 HTTP/1.1\n\n",
        "GET /things/1 HTTP/9.9\nHost: x\n\n",
        "POST /things HTTP/1.1\nHost: x\nContent-Length: 5\nContent-Length: 6\n\n{}    ",
        "POST /things HTTP/1.1\nHost: x\nContent-Type: application/json\nTransfer-Encoding: chunked\n\nzz\n\n",
        "GET /things/1 HTTP/1.1\nHost: x\nIdempotency-Key: a\u0001b\n\n"
    })
    void bytes_that_are_hardly_http_are_refused(String request) throws IOException {
        assertProblem(RawHttp.send(port, request), 400);
    }

    @Test
    void a_body_of_no_type_is_refused() throws IOException {
        assertProblem(RawHttp.send(port, "POST /things HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}"), 415);
    }

    @Test
    void headers_and_targets_that_are_too_long_are_refused() throws IOException {
        assertProblem(RawHttp.send(port, "GET /things/1 HTTP/1.1\nHost: x\nX: " + "a".repeat(70_000) + "\n\n"), 400);
        assertProblem(RawHttp.send(port, "GET /things/1 HTTP/1.1\nHost: x\n" + "X: a\n".repeat(200) + "\n"), 400);
        assertProblem(RawHttp.send(port, "GET /" + "a".repeat(10_000) + " HTTP/1.1\nHost: x\n\n"), 400);
    }

    @Test
    void a_body_of_more_than_64_kb_is_refused_whether_its_length_was_declared_or_not() throws IOException {
        String head = "POST /things HTTP/1.1\nHost: x\nContent-Type: application/json\n";
        String chunk = "8000\n" + " ".repeat(0x8000) + "\n";

        assertProblem(RawHttp.send(port, head + "Content-Length: 65537\n\n"), 413);
        assertProblem(RawHttp.send(port, head + "Transfer-Encoding: chunked\n\n" + chunk.repeat(3) + "0\n\n"), 413);
        assertProblem(RawHttp.send(managementPort, head.replace("/things", "/actuator/loggers/a")
                + "Content-Length: 65537\n\n"), 413);
    }

    @Test
    void a_body_of_just_64_kb_is_read() throws IOException {
        String body = "{\"name\":\"a\"" + " ".repeat(65_536 - 12) + "}";

        assertThat(RawHttp.send(port, post("/things", body)).status()).isEqualTo(202);
        assertThat(RawHttp.send(port, "POST /things HTTP/1.1\nHost: x\nContent-Type: application/json\n"
                        + "Transfer-Encoding: chunked\n\n10000\n" + body + "\n0\n\n").status())
                .isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "GET /nothing              | 404",
        "GET /actuator/nothing     | 404",
        "GET /actuator/env         | 401",
        "GET /error                | 404",
        "POST /actuator/loggers/a  | 401",
        "POST /things              | 404",
        "GET /<>                   | 400",
        "GET /actuator/health;a=b  | 400",
        "TRACE /actuator/health    | 405"
    })
    void the_management_port_refuses_in_the_same_way(String target, int status) throws IOException {
        assertProblem(RawHttp.send(managementPort, target + " HTTP/1.1\nHost: x\n\n"), status);
    }

    @Test
    void the_management_port_refuses_its_operator_in_the_same_way_too() throws IOException {
        String head = " HTTP/1.1\nHost: x\n" + CREDENTIALS;

        assertProblem(RawHttp.send(managementPort, "POST /actuator/health" + head + "\n"), 405);
        assertProblem(RawHttp.send(managementPort, "GET /actuator/metrics/nothing" + head + "\n"), 404);
        assertProblem(RawHttp.send(managementPort, "POST /actuator/loggers/a" + head
                + "Content-Type: application/json\nContent-Length: 1\n\n{"), 400);
    }

    @Test
    void a_wrong_method_is_told_the_right_ones_and_missing_credentials_how_to_give_them() throws IOException {
        assertThat(RawHttp.send(port, "DELETE /things HTTP/1.1\nHost: x\n" + CREDENTIALS + "\n").head())
                .contains("405", "Allow: POST");
        assertThat(RawHttp.send(port, "DELETE /things/1 HTTP/1.1\nHost: x\n\n").head())
                .contains("401", "WWW-Authenticate: Basic realm=\"baton\"");
        assertThat(RawHttp.send(port, "GET /down HTTP/1.1\nHost: x\n\n").head()).contains("503", "Retry-After: ");
    }

    @Test
    void the_operator_may_write_and_everybody_may_read() throws IOException {
        String delete = "DELETE /things/1 HTTP/1.1\nHost: x\n" + CREDENTIALS + "Connection: close\n\n";

        assertThat(RawHttp.send(port, delete).status()).isEqualTo(200);
        assertThat(RawHttp.send(port, "GET /things/1 HTTP/1.1\nHost: x\n\n").status()).isEqualTo(200);
        assertThat(RawHttp.send(port, "GET /readyz HTTP/1.1\nHost: x\n\n").status()).isEqualTo(200);
        assertThat(RawHttp.send(managementPort, "GET /actuator/health HTTP/1.1\nHost: x\n\n").status()).isEqualTo(200);
    }

    @Test
    void a_page_of_another_site_can_write_nothing_even_with_credentials() throws IOException {
        String delete =
                "DELETE /things/1 HTTP/1.1\nHost: x\nSec-Fetch-Site: %s\nConnection: close\n" + CREDENTIALS + "\n";

        assertProblem(RawHttp.send(port, delete.formatted("cross-site")), 403);
        assertProblem(RawHttp.send(port, delete.formatted("same-site")), 403);
        assertThat(RawHttp.send(port, delete.formatted("same-origin")).status()).isEqualTo(200);
        assertThat(RawHttp.send(port, delete.formatted("none")).status()).isEqualTo(200);
    }

    @Test
    void every_answer_has_the_security_headers() throws IOException {
        for (String request : List.of("GET /things/1", "GET /nothing", "GET /things/<", "TRACE /things", "GET /a;b")) {
            assertThat(RawHttp.send(port, request + " HTTP/1.1\nHost: x\n\n").head())
                    .as(request)
                    .contains("X-Content-Type-Options: nosniff", "Cache-Control: no-store", "X-Frame-Options: DENY")
                    .contains("Content-Security-Policy: default-src 'none'", "Referrer-Policy: no-referrer");
        }
    }

    @Test
    void a_failure_of_the_service_says_nothing_of_its_inside() throws IOException {
        assertThat(RawHttp.send(port, "GET /bug HTTP/1.1\nHost: x\n\n").body())
                .doesNotContain("secret", "Exception");
        assertThat(RawHttp.send(port, "GET /down HTTP/1.1\nHost: x\n\n").body())
                .doesNotContain("10.0.0.1", "Exception");
    }

    @Test
    void a_version_that_the_client_has_is_not_sent_again() throws IOException {
        assertThat(RawHttp.send(port, "GET /things/7 HTTP/1.1\nHost: x\n\n").head()).contains("ETag: \"v7\"");
        Answer again =
                RawHttp.send(port, "GET /things/7 HTTP/1.1\nHost: x\nIf-None-Match: \"v7\"\nConnection: close\n\n");
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Idempotency-Key: abc                         | 202",
        "Idempotency-Key: \"abc\"                     | 202",
        "Idempotency-Key:                             | 400",
        "Idempotency-Key: \"\"                        | 400",
        "Idempotency-Key: a b                         | 400",
        "Idempotency-Key: \"                           | 400",
        "Idempotency-Key: a\"b                         | 400",
        "Idempotency-Key: \u00e4                      | 400",
        "Prefer: respond-async; a=b, wait = 5; x      | 202",
        "Prefer: wait=never                           | 202"
    })
    void keys_and_preferences_are_read(String header, int status) throws IOException {
        Answer answer = RawHttp.send(port, post("/things", "{\"name\":\"a\"}").replace("Host", header + "\nHost"));

        assertThat(answer.status()).isEqualTo(status);
        if (status == 202 && header.startsWith("Idem")) {
            assertThat(answer.body()).contains("\"key\":\"abc\"");
        }
        assertThat(answer.body().contains("\"wait\":5")).isEqualTo(header.contains("wait = 5"));
    }

    @Test
    void a_key_may_have_255_characters_and_stand_there_once() throws IOException {
        String post = post("/things", "{\"name\":\"a\"}");

        assertThat(RawHttp.send(port, post.replace("Host", "Idempotency-Key: " + "k".repeat(255) + "\nHost")).status())
                .isEqualTo(202);
        assertProblem(RawHttp.send(port, post.replace("Host", "Idempotency-Key: " + "k".repeat(256) + "\nHost")), 400);
        assertProblem(RawHttp.send(port, post.replace("Host", "Idempotency-Key: a\nIdempotency-Key: a\nHost")), 400);
    }

    private static void assertProblem(Answer answer, int status) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.isProblem()).as(answer.head()).isTrue();
        assertThat(answer.body())
                .contains("\"type\":\"urn:baton:problem:", "\"title\":", "\"detail\":", "\"status\":" + status);
        assertThat(answer.body().contains("\"errors\":[{\"pointer\":")).isEqualTo(status < 500);
        assertThat(answer.body()).doesNotContain("Tomcat", "<html");
        assertThat(answer.head()).contains("X-Content-Type-Options: nosniff");
    }

    private static String post(String path, String body) {
        int length = body.getBytes(StandardCharsets.ISO_8859_1).length;
        return "POST " + path + " HTTP/1.1\nHost: x\nContent-Type: application/json\nContent-Length: " + length
                + "\n\n" + body;
    }
}
