package io.baton.http.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.baton.http.EdgeTestApplication;
import io.baton.http.test.RawHttp;
import io.baton.http.test.RawHttp.Answer;
import io.baton.messaging.test.Tokens;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A service outside of a demonstration: operators by password, everybody by token, and nobody without. */
@SpringBootTest(
        classes = EdgeTestApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "baton.operator.user=operator",
            "baton.operator.password=a-long-enough-one",
            "baton.security.jwt.issuer=" + Tokens.ISSUER,
            "baton.security.jwt.audience=" + Tokens.AUDIENCE,
            "baton.security.jwt.roles-claim=realm.roles",
            "baton.limits.requests-per-second=1",
            "baton.limits.burst=60",
            "management.server.port=0",
            "management.endpoints.web.exposure.include=*",
            "management.endpoint.health.probes.add-additional-paths=true",
            "spring.threads.virtual.enabled=true"
        })
@ExtendWith(OutputCaptureExtension.class)
class WhoIsLetInTest {

    private static final String DELETE = "DELETE /things/1";
    private static final String READ = "GET /things/1";

    @Autowired
    private MeterRegistry meters;

    @Value("${local.server.port}")
    private int port;

    @Value("${local.management.port}")
    private int managementPort;

    @DynamicPropertySource
    static void key(DynamicPropertyRegistry registry) {
        registry.add("baton.security.jwt.public-key", Tokens::publicKeyLocation);
        registry.add("baton.operators.users[0].name", () -> "ada");
        registry.add("baton.operators.users[0].password",
                () -> "{bcrypt}" + new BCryptPasswordEncoder(10).encode("secret-of-ada-42"));
        registry.add("baton.operators.users[1].name", () -> "vera");
        registry.add("baton.operators.users[1].password", () -> "secret-of-vera-42");
        registry.add("baton.operators.users[1].role", () -> "viewer");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "none                    | GET /things/1            | 401",
        "none                    | POST /things             | 401",
        "none                    | GET /nothing             | 401",
        "none                    | GET /readyz              | 200",
        "customer                | POST /things             | 400",
        "customer                | GET /things/1            | 403",
        "customer                | DELETE /things/1         | 403",
        "vera:secret-of-vera-42  | GET /things/1            | 200",
        "vera:secret-of-vera-42  | GET /nothing             | 404",
        "vera:secret-of-vera-42  | POST /things             | 403",
        "vera:secret-of-vera-42  | DELETE /things/1         | 403",
        "ada:secret-of-ada-42    | DELETE /things/1         | 200",
        "ada:secret-of-ada-43    | DELETE /things/1         | 401",
        "viewer token            | GET /things/1            | 200",
        "viewer token            | DELETE /things/1         | 403",
        "operator token          | DELETE /things/1         | 200",
    })
    void the_main_port_lets_in(String who, String request, int status) throws IOException {
        assertThat(send(port, request, credentials(who)).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "none                    | GET /actuator/health     | 200",
        "none                    | GET /actuator            | 401",
        "none                    | GET /actuator/env        | 401",
        "none                    | GET /actuator/sagas      | 401",
        "customer                | GET /actuator            | 403",
        "customer                | GET /actuator/env        | 403",
        "vera:secret-of-vera-42  | GET /actuator            | 200",
        "vera:secret-of-vera-42  | GET /actuator/env        | 403",
        "vera:secret-of-vera-42  | GET /actuator/heapdump   | 404",
        "vera:secret-of-vera-42  | GET /actuator/metrics    | 403",
        "vera:secret-of-vera-42  | POST /actuator/health    | 403",
        "ada:secret-of-ada-42    | GET /actuator/metrics    | 200",
        "operator token          | POST /actuator/health    | 405",
    })
    void the_management_port_lets_in(String who, String request, int status) throws IOException {
        assertThat(send(managementPort, request, credentials(who)).status()).isEqualTo(status);
    }

    @Test
    void wrong_passwords_and_tokens_are_counted() throws IOException {
        double passwords = wrong("password");
        double tokens = wrong("token");

        send(managementPort, "GET /actuator", credentials("ada:secret-of-ada-43"));
        send(port, READ, credentials("nobody:secret-of-nobody"));
        send(port, READ, bearer("not.a.token"));
        send(port, READ, credentials("vera:secret-of-vera-42"));
        send(port, READ, credentials("none"));
        // What has only expired is nobody's guess.
        send(port, READ, bearer(Tokens.sign(Tokens.header("RS256"), expired())));

        assertThat(wrong("password") - passwords).isEqualTo(2);
        assertThat(wrong("token") - tokens).isEqualTo(1);
    }

    private double wrong(String kind) {
        return meters.get("credentials.wrong").tag("kind", kind).counter().count();
    }

    @Test
    void forged_tokens_are_those_of_strangers() throws Exception {
        String good = Tokens.claims("c-1", Tokens.ISSUER, Tokens.AUDIENCE, 300, "");
        String header = Tokens.header("RS256");
        String[] parts = Tokens.sign(header, good).split("\\.");
        Map<String, String> forged = new LinkedHashMap<>();
        forged.put("not signed", Tokens.withSignature(Tokens.header("none"), good, new byte[0]));
        forged.put("signed with the public key as a secret", hmac(Tokens.header("HS256"), good));
        forged.put("signed by another", Tokens.signByAnother(header, good));
        forged.put("signed by another, who says which key", Tokens.signByAnother(
                "{\"alg\":\"RS256\",\"kid\":\"../../dev/null\",\"jku\":\"http://127.0.0.1:1/keys\"}", good));
        forged.put("another algorithm than ours", Tokens.sign(Tokens.header("RS512"), good));
        forged.put("another issuer", Tokens.sign(header, Tokens.claims("c-1", "https://other", Tokens.AUDIENCE, 300, "")));
        forged.put("for another service", Tokens.sign(header, Tokens.claims("c-1", Tokens.ISSUER, "other", 300, "")));
        forged.put("expired", Tokens.sign(header, expired()));
        forged.put("expired before it was issued",
                Tokens.sign(header, Tokens.claims("c-1", Tokens.ISSUER, Tokens.AUDIENCE, -120, "")));
        forged.put("never expires", Tokens.sign(header, good.replaceFirst(",\"exp\":\\d+", "")));
        forged.put("not yet valid", Tokens.sign(
                header, Tokens.claims("c-1", Tokens.ISSUER, Tokens.AUDIENCE, 300, ",\"nbf\":9999999999")));
        forged.put("names nobody", Tokens.sign(header, Tokens.claims("", Tokens.ISSUER, Tokens.AUDIENCE, 300, "")));
        forged.put("changed after it was signed", parts[0] + "." + Base64.getUrlEncoder().withoutPadding()
                .encodeToString(good.replace("c-1", "c-2").getBytes(UTF_8)) + "." + parts[2]);
        forged.put("cut", parts[0] + "." + parts[1]);
        forged.put("garbage", "garbage");

        assertThat(send(port, "POST /things", bearer(Tokens.sign(header, good))).status()).isEqualTo(400);
        for (Map.Entry<String, String> token : forged.entrySet()) {
            Answer answer = send(port, "POST /things", bearer(token.getValue()));
            assertThat(answer.status()).as(token.getKey()).isEqualTo(401);
            assertThat(answer.isProblem()).isTrue();
            assertThat(answer.head()).contains("WWW-Authenticate: Bearer");
        }
    }

    @Test
    void a_role_that_a_customer_gives_themselves_in_another_claim_is_none() throws IOException {
        String token = Tokens.sign(Tokens.header("RS256"), Tokens.claims(
                "c-1", Tokens.ISSUER, Tokens.AUDIENCE, 300, ",\"roles\":[\"operator\"],\"realm\":\"operator\""));

        assertThat(send(port, DELETE, bearer(token)).status()).isEqualTo(403);
    }

    @Test
    void whoever_guesses_passwords_is_put_off_and_the_log_says_so_in_one_line_each(CapturedOutput output)
            throws IOException {
        for (int i = 0; i < WrongCredentials.FOR_ONE_NAME; i++) {
            assertThat(send(managementPort, "GET /actuator", basic("victim\nFORGED LINE:wrong" + i)).status())
                    .isEqualTo(401);
        }
        Answer answer = send(managementPort, "GET /actuator", basic("victim\nFORGED LINE:wrong"));

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.isProblem()).isTrue();
        assertThat(answer.head()).contains("Retry-After: ");
        assertThat(send(managementPort, "GET /actuator", credentials("vera:secret-of-vera-42")).status()).isEqualTo(200);
        assertThat(output.getOut()).contains("Wrong credentials for victim", "are put off");
        assertThat(output.getOut().lines()).noneMatch(line -> line.startsWith("FORGED"));
    }

    @Test
    void whoever_asks_for_too_much_is_told_when_to_come_back_and_nobody_else_is(CapturedOutput output)
            throws IOException {
        String greedy = bearer(Tokens.withRole("greedy", "viewer"));
        Answer last = null;
        for (int i = 0; i < 80; i++) {
            // Another address in a header makes nobody another caller.
            last = send(port, "POST /things", greedy + "X-Forwarded-For: 10.0.0." + i + "\n");
        }

        assertThat(last.status()).isEqualTo(429);
        assertThat(last.isProblem()).isTrue();
        assertThat(last.head()).contains("Retry-After: ", "X-Content-Type-Options: nosniff");
        assertThat(send(port, READ, credentials("vera:secret-of-vera-42")).status()).isEqualTo(200);
        assertThat(send(port, "GET /readyz", "").status()).isEqualTo(200);
    }

    @Test
    void nothing_that_is_logged_can_begin_a_line_of_its_own(CapturedOutput output) {
        Exception failure = new IllegalStateException(
                "first\nFORGED 1", new IllegalArgumentException("second\r\nFORGED 2\n\nFORGED 3"));

        LoggerFactory.getLogger("test").error("a {} thing", "strange\r\n\u001b[2JFORGED 4", failure);

        assertThat(output.getOut()).contains("a strange", "first FORGED 1", "Caused by: ", "second FORGED 2 FORGED 3");
        assertThat(output.getOut().lines()).noneMatch(line -> line.startsWith("FORGED"));
        assertThat(output.getOut()).doesNotContain("\u001b").containsOnlyOnce("first FORGED 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada:secret-of-ada-42", "operator token"})
    void a_page_of_another_site_can_write_nothing_whatever_the_browser_adds(String who) throws IOException {
        for (String site : new String[] {"cross-site", "same-site", "CROSS-SITE", ""}) {
            assertThat(send(port, DELETE, credentials(who) + "Sec-Fetch-Site: " + site + "\n").status()).isEqualTo(403);
        }
        assertThat(send(port, DELETE, credentials(who) + "Sec-Fetch-Site: same-origin\n").status()).isEqualTo(200);
    }

    private Answer send(int to, String request, String headers) throws IOException {
        return RawHttp.send(to, request + " HTTP/1.1\nHost: x\nConnection: close\n" + headers + "\n");
    }

    private static String credentials(String who) {
        return switch (who) {
            case "none" -> "";
            case "customer" -> bearer(Tokens.customer("c-1"));
            case "viewer token", "operator token" -> bearer(Tokens.sign(Tokens.header("RS256"), Tokens.claims(
                    "someone", Tokens.ISSUER, Tokens.AUDIENCE, 300,
                    ",\"realm\":{\"roles\":[\"" + who.split(" ")[0] + "\"]}")));
            default -> basic(who);
        };
    }

    private static String expired() {
        return Tokens.claims("c-1", Tokens.ISSUER, Tokens.AUDIENCE, -120, "")
                .replaceFirst("\"iat\":\\d+", "\"iat\":1000000000");
    }

    private static String basic(String credentials) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8)) + "\n";
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token + "\n";
    }

    private static String hmac(String header, String claims) throws Exception {
        String[] unsigned = Tokens.withSignature(header, claims, new byte[0]).split("\\.");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Tokens.publicKey().getBytes(UTF_8), "HmacSHA256"));
        return Tokens.withSignature(header, claims, mac.doFinal((unsigned[0] + "." + unsigned[1]).getBytes(UTF_8)));
    }
}
