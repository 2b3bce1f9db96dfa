package io.baton.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.http.ProblemWriter;
import io.baton.messaging.test.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.json.JsonMapper;

/** A service that would be open to strangers does not start, and says what to set without repeating a secret. */
class UnsafeStartTest {

    private static final String GOOD = "a-long-enough-one";
    private static final String HASH = "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";

    private final WebApplicationContextRunner service = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AccessAutoConfiguration.class,
                    SecurityAutoConfiguration.class,
                    ServletWebSecurityAutoConfiguration.class))
            .withBean(ProblemWriter.class, () -> new ProblemWriter(JsonMapper.shared()));

    private final WebApplicationContextRunner operated =
            service.withPropertyValues("baton.operator.user=operator", "baton.operator.password=" + GOOD);

    private final WebApplicationContextRunner withTokens = operated.withPropertyValues(
            "baton.security.jwt.issuer=" + Tokens.ISSUER,
            "baton.security.jwt.audience=" + Tokens.AUDIENCE,
            "baton.security.jwt.public-key=" + Tokens.publicKeyLocation());

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"", "            ", "short", "eleven-char", "passwordpassword", "changeme1234",
        "password!!!!!!", "PASSWORD12345", "aaaaaaaaaaaaaaaa", "1234567891011password", "demo-operator-password",
        "training-password", "{noop}a-long-enough-one", "$2a$10$tooshort",
        "$2a$04$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"})
    void an_operators_password_that_is_missing_or_easy_to_guess_stops_the_start(String password) {
        refuses(service.withPropertyValues("baton.operator.user=operator", "baton.operator.password=" + password),
                password, "baton.operator.password", "BATON_OPERATOR_PASSWORD");
        refuses(operated.withPropertyValues(
                        "baton.operators.users[0].name=ada", "baton.operators.users[0].password=" + password),
                password, "baton.operators.users[0].password", "BATON_OPERATORS_USERS_0_PASSWORD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"baton.operator.user=", "baton.operator.user=a:b", "baton.operators.users[0].role=admin",
        "baton.operators.users[0].name=operator", "baton.operators.users[0].name=a:b",
        "baton.operators.users[0].name="})
    void an_operator_who_could_not_be_told_from_others_stops_the_start(String property) {
        refuses(operated.withPropertyValues(
                        "baton.operators.users[0].name=ada", "baton.operators.users[0].password=" + GOOD, property),
                GOOD, "baton.operator");
    }

    @Test
    void a_service_that_nobody_could_operate_does_not_start() {
        refuses(service, GOOD, "BATON_OPERATOR_USER", "BATON_OPERATOR_PASSWORD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "      ", "short", "password1234", "postgrespostgres", "databasepassword",
        "demo-database-password", "demo-superuser-password", "aaaaaaaaaaaaaaaa", "orders-service-role", "changeme-now!"})
    void a_database_password_that_everybody_knows_stops_the_start(String password) {
        WebApplicationContextRunner connected = operated.withPropertyValues(
                "spring.datasource.url=jdbc:postgresql://127.0.0.1:1/orders",
                "spring.datasource.username=orders-service-role");
        String sample = password.equals("changeme-now!") ? "changeme!!!!" : password;
        refuses(connected.withPropertyValues("spring.datasource.password=" + sample),
                sample, "SPRING_DATASOURCE_PASSWORD");
        refuses(connected.withPropertyValues("spring.datasource.password=" + GOOD,
                        "spring.flyway.user=orders-service-role", "spring.flyway.password=" + sample),
                sample, "SPRING_FLYWAY_PASSWORD");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "issuer=                                                  | issuer",
        "audience=                                                | audience",
        "name-claim=                                              | name-claim",
        "roles-claim=                                             | roles-claim",
        "algorithm=none                                           | algorithm",
        "algorithm=HS256                                          | algorithm",
        "algorithm=ES256                                          | algorithm",
        "jwk-set-uri=https://issuer.test/keys                     | public-key",
        "public-key=file:/does/not/exist.pem                      | public-key",
        "public-key=classpath:application.yaml                    | public-key",
    })
    void tokens_that_could_not_be_told_from_forged_ones_stop_the_start(String property, String setting) {
        refuses(withTokens.withPropertyValues("baton.security.jwt." + property), GOOD, "baton.security.jwt." + setting);
    }

    static Stream<Arguments> keys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        String small = pem("PUBLIC KEY", generator.generateKeyPair().getPublic().getEncoded());
        generator.initialize(2048);
        String secret = pem("PRIVATE KEY", generator.generateKeyPair().getPrivate().getEncoded());
        String elliptic = pem("PUBLIC KEY",
                KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic().getEncoded());
        return Stream.of("", "not a key", small, secret, elliptic, pem("PUBLIC KEY", new byte[] {1, 2, 3}))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void a_public_key_that_is_none_or_too_short_stops_the_start(String pem) throws IOException {
        Path file = Files.writeString(directory.resolve("key.pem"), pem);

        refuses(withTokens.withPropertyValues("baton.security.jwt.public-key=" + file.toUri()), GOOD, "public-key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://issuer.example", "ftp://issuer.example", "issuer", "https:", "http://10.0.0.1/keys"})
    void keys_that_come_over_a_connection_that_anybody_can_change_stop_the_start(String url) {
        WebApplicationContextRunner asking = operated.withPropertyValues("baton.security.jwt.audience=baton");

        refuses(asking.withPropertyValues("baton.security.jwt.issuer=" + url), GOOD, "baton.security.jwt.issuer");
        refuses(asking.withPropertyValues(
                        "baton.security.jwt.issuer=" + Tokens.ISSUER, "baton.security.jwt.jwk-set-uri=" + url),
                GOOD, "baton.security.jwt.jwk-set-uri");
    }

    @Test
    void a_service_with_customers_says_what_to_set_when_it_cannot_tell_who_they_are() {
        WebApplicationContextRunner open = operated.withBean(
                Opening.class, () -> new Opening(HttpMethod.POST, "/orders", Opening.To.CUSTOMERS));

        refuses(open, GOOD, "baton.security.jwt.issuer", "SPRING_PROFILES_ACTIVE=demo");
        starts(open.withPropertyValues("spring.profiles.active=demo"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"baton.security.anonymous-viewer=true", "baton.security.open-endpoints=health,sagas",
        "baton.security.open-endpoints=*", "baton.security.open-endpoints=heapdump",
        "baton.limits.requests-per-second=-1", "baton.limits.burst=0",
        "baton.limits.requests-at-once=0"})
    void what_opens_more_than_it_may_stops_the_start(String property) {
        refuses(operated.withPropertyValues(property), GOOD, "baton.");
    }

    @Test
    void whoever_is_well_known_or_has_tokens_starts() {
        starts(operated);
        starts(withTokens);
        starts(service.withPropertyValues("baton.operators.users[0].name=ada", "baton.operators.users[0].password=" + HASH,
                "baton.operators.users[1].name=bob", "baton.operators.users[1].password={bcrypt}" + HASH,
                "baton.operators.users[1].role=viewer"));
        starts(service.withPropertyValues("spring.profiles.active=demo", "baton.operator.user=operator",
                "baton.operator.password=demo-operator-password", "baton.security.anonymous-viewer=true"));
        starts(service.withPropertyValues("baton.security.jwt.issuer=" + Tokens.ISSUER,
                "baton.security.jwt.audience=" + Tokens.AUDIENCE));
    }

    @Test
    void settings_are_printed_without_their_secrets() {
        assertThat(new OperatorProperties("operator", GOOD).toString()).doesNotContain(GOOD);
        assertThat(new OperatorsProperties(List.of(new OperatorsProperties.User("ada", GOOD, "viewer"))).toString())
                .contains("ada")
                .doesNotContain(GOOD);
    }

    private static void starts(WebApplicationContextRunner runner) {
        runner.run(context -> assertThat(context).hasNotFailed());
    }

    private static void refuses(WebApplicationContextRunner runner, String secret, String... said) {
        runner.run(context -> {
            assertThat(context).hasFailed();
            FailureAnalysis analysis = new UnfitSettingFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis).as("%s", context.getStartupFailure()).isNotNull();
            assertThat(analysis.getDescription() + " " + analysis.getAction()).contains(said);
            if (secret.strip().length() > 6) {
                assertThat(analysis.getDescription() + analysis.getAction()).doesNotContain(secret);
            }
        });
    }

    private static String pem(String title, byte[] bytes) {
        return "-----BEGIN " + title + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
                + "\n-----END " + title + "-----\n";
    }
}
