package io.baton.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baton.messaging.test.Database;
import io.baton.messaging.test.TestInfrastructure;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

class IdempotencyKeysIT {

    private record Credit(int amount) {}

    private static final String SCOPE = "POST /wallets/c-1/credits";

    private static TransactionTemplate transactions;
    private static JdbcClient jdbc;
    private static IdempotencyKeys keys;

    private final AtomicInteger effects = new AtomicInteger();

    @BeforeAll
    static void table() {
        Database database = TestInfrastructure.newDatabase("keys");
        DriverManagerDataSource source =
                new DriverManagerDataSource(database.jdbcUrl(), database.user(), database.password());
        new ResourceDatabasePopulator(new ClassPathResource("db/idempotency_key.sql")).execute(source);
        transactions = new TransactionTemplate(new JdbcTransactionManager(source));
        jdbc = JdbcClient.create(source);
        keys = new IdempotencyKeys(jdbc, JsonMapper.builder().build());
    }

    @Test
    void the_same_request_again_gets_the_first_answer_and_has_no_effect() {
        ResponseEntity<?> first = post("same", 5);
        ResponseEntity<?> again = post("same", 5);

        assertThat(effects).hasValue(1);
        assertThat(again.getStatusCode()).isEqualTo(first.getStatusCode());
        assertThat(again.getHeaders().getLocation()).isEqualTo(first.getHeaders().getLocation());
        assertThat(again.getHeaders().getFirst("Idempotent-Replayed")).isEqualTo("true");
        assertThat(new String((byte[]) again.getBody(), StandardCharsets.UTF_8)).isEqualTo("{\"balance\":5}");
    }

    @Test
    void another_body_under_the_same_key_is_refused_and_another_scope_is_not() {
        post("other", 5);

        assertStatus(422, () -> post("other", 6));
        once("POST /wallets/c-2/credits", "other", 6);
        assertThat(effects).hasValue(2);
    }

    @Test
    void without_a_key_every_request_takes_effect() {
        transactions.execute(status -> keys.once(SCOPE, null, new Credit(1), this::effect));
        transactions.execute(status -> keys.once(SCOPE, null, new Credit(1), this::effect));

        assertThat(effects).hasValue(2);
    }

    @Test
    void a_request_that_fails_leaves_its_key_free() {
        assertThatThrownBy(() -> transactions.execute(status -> keys.once(
                        SCOPE, new IdempotencyKey("fails"), new Credit(1), () -> {
                            throw new IllegalStateException("no");
                        })))
                .isInstanceOf(IllegalStateException.class);

        assertThat(post("fails", 2).getHeaders().getFirst("Idempotent-Replayed")).isNull();
    }

    @Test
    void a_request_whose_twin_is_in_flight_is_told_so_at_once() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<ResponseEntity<?>> first = CompletableFuture.supplyAsync(() -> transactions.execute(
                status -> keys.once(SCOPE, new IdempotencyKey("flies"), new Credit(1), () -> {
                    begun.countDown();
                    await(end);
                    return effect();
                })));
        begun.await();

        assertStatus(409, () -> post("flies", 1));
        end.countDown();
        first.join();
        assertThat(post("flies", 1).getHeaders().getFirst("Idempotent-Replayed")).isEqualTo("true");
        assertThat(effects).hasValue(1);
    }

    @Test
    void of_many_at_once_one_takes_effect() {
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(50)) {
            for (int i = 0; i < 50; i++) {
                answers.add(CompletableFuture.supplyAsync(() -> statusOf("many"), threads));
            }
        }

        assertThat(answers.stream().map(CompletableFuture::join))
                .contains(201)
                .allMatch(status -> status == 201 || status == 409);
        assertThat(effects).hasValue(1);
    }

    @Test
    void outside_of_a_transaction_nothing_is_done() {
        assertThatThrownBy(() -> keys.once(SCOPE, new IdempotencyKey("none"), new Credit(1), this::effect))
                .isInstanceOf(IllegalStateException.class);
        assertThat(effects).hasValue(0);
    }

    @Test
    void old_keys_are_forgotten_and_young_ones_are_not() {
        post("old", 1);
        jdbc.sql("update idempotency_key set created_at = now() - interval '3 days' where key = 'old'").update();
        post("young", 1);

        assertThat(keys.forgetOlderThan(Duration.ofDays(2), 10)).isEqualTo(1);

        post("young", 1);
        assertThat(effects).hasValue(2);
        post("old", 1);
        assertThat(effects).hasValue(3);
    }

    @Test
    void all_that_are_old_are_forgotten_a_few_at_a_time() {
        for (int i = 0; i < 25; i++) {
            post("old-" + i, 1);
        }
        jdbc.sql("update idempotency_key set created_at = now() - interval '3 days' where key like 'old-%'").update();
        post("kept", 1);

        assertThat(keys.forgetOlderThan(Duration.ofDays(2), 10)).isEqualTo(25);
        assertThat(keys.forgetOlderThan(Duration.ofDays(2), 10)).isZero();
    }

    private int statusOf(String key) {
        try {
            return post(key, 1).getStatusCode().value();
        } catch (ProblemException e) {
            return e.type().status();
        }
    }

    private ResponseEntity<?> post(String key, int amount) {
        return once(SCOPE, key, amount);
    }

    private ResponseEntity<?> once(String scope, String key, int amount) {
        Supplier<ResponseEntity<?>> work = () -> {
            effects.incrementAndGet();
            return ResponseEntity.created(URI.create("/wallets/c-1")).body(Map.of("balance", amount));
        };
        return transactions.execute(status -> keys.once(scope, new IdempotencyKey(key), new Credit(amount), work));
    }

    private ResponseEntity<?> effect() {
        effects.incrementAndGet();
        return ResponseEntity.noContent().build();
    }

    private static void assertStatus(int status, Runnable request) {
        assertThatThrownBy(request::run).isInstanceOfSatisfying(
                ProblemException.class, problem -> assertThat(problem.type().status()).isEqualTo(status));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
