package io.baton.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.OrderId;
import io.baton.contract.Topics;
import io.baton.contract.Tsid;
import io.baton.messaging.Ids;
import io.baton.messaging.test.RealServers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole service on real servers, with a participant played by the test. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "baton.sagas.order-fulfilment.steps.payment.timeout=2s",
            "baton.sagas.order-fulfilment.steps.inventory.attempts=3",
        })
@RealServers(database = "orchestrator")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SagaOrchestratorIT {

    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpClient http = HttpClient.newHttpClient();

    @Value("${local.management.port}")
    private int managementPort;

    @Value("${local.server.port}")
    private int port;

    @Value("${baton.operator.user}:${baton.operator.password}")
    private String operator;

    @Value("${spring.kafka.bootstrap-servers}")
    private String bootstrapServers;

    @Autowired
    private ApplicationContext context;

    @Autowired
    private Ids ids;

    @Autowired
    private JdbcTemplate jdbc;

    private PlayedParticipants participants;

    @BeforeAll
    void play() {
        participants = new PlayedParticipants(bootstrapServers);
    }

    @AfterAll
    void close() {
        participants.close();
    }

    @Test
    void an_order_is_fulfilled_and_its_log_tells_how() throws Exception {
        String order = nextOrder();
        participants.request(order);

        JsonNode item = awaitState(order, "COMPLETED");
        assertThat(item.get("definition").asString()).isEqualTo("order-fulfilment");
        assertThat(item.has("step")).isFalse();

        JsonNode saga = get("/actuator/sagas/" + item.get("sagaId").asString(), 200);
        assertThat(saga.get("orderId").asString()).isEqualTo(order);
        assertThat(saga.get("log").valueStream().map(line -> line.get("to").asString()))
                .containsExactly("STARTED", "PAYMENT_COMPLETED", "INVENTORY_RESERVED", "DELIVERY_SCHEDULED",
                        "COMPLETED");
        assertThat(saga.get("log").valueStream().map(line -> line.get("message").asString()))
                .containsExactly("FulfilOrder", "ChargePayment", "ReserveStock", "ScheduleDelivery", "CompleteOrder");
        JsonNode charged = saga.get("log").get(1);
        assertThat(charged.get("replyPosition").asString()).matches("saga\\.replies-\\d+@\\d+");
        assertThat(charged.get("commandPosition").asString()).matches("payment\\.commands-\\d+@\\d+");
        assertThat(saga.get("steps").valueStream().map(step -> step.get("status").asString()))
                .containsOnly("DONE");
    }

    @Test
    void a_refused_delivery_undoes_everything_in_reverse() throws Exception {
        String order = nextOrder();
        participants.refuse(order, "delivery");
        participants.request(order);

        JsonNode item = awaitState(order, "COMPENSATED");
        assertThat(item.get("reason").get("code").asString()).isEqualTo("ADDRESS_NOT_SERVED");
        JsonNode saga = get("/actuator/sagas/" + item.get("sagaId").asString(), 200);
        assertThat(saga.get("log")
                        .valueStream()
                        .filter(line -> "COMPENSATION".equals(line.path("direction").asString("")))
                        .map(line -> line.get("message").asString()))
                .containsExactly("ReleaseStock", "RefundPayment", "CancelOrder");
    }

    @Test
    void a_command_that_nobody_answers_is_sent_again_and_the_saga_goes_on() throws Exception {
        String order = nextOrder();
        participants.keepSilentOnce(order, "payment");
        participants.request(order);

        JsonNode item = awaitState(order, "COMPLETED");
        JsonNode saga = get("/actuator/sagas/" + item.get("sagaId").asString(), 200);
        assertThat(saga.get("log").valueStream().map(line -> line.get("outcome").asString()))
                .containsExactly("STARTED", "TIMEOUT", "DONE", "DONE", "DONE", "DONE");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(jdbc.queryForObject(
                                "SELECT count(*) FROM saga_timer WHERE saga_id = ?",
                                Integer.class,
                                Tsid.parse(saga.get("sagaId").asString())))
                        .isZero());
    }

    @Test
    void the_database_ends_a_transaction_in_which_this_process_stands_still() {
        assertThat(jdbc.queryForObject("SHOW idle_in_transaction_session_timeout", String.class))
                .isEqualTo("45s");
        assertThat(jdbc.queryForObject("SHOW enable_seqscan", String.class)).isEqualTo("off");
    }

    @Test
    void a_position_that_the_service_kept_under_another_name_does_not_hold_timers_up() throws Exception {
        jdbc.update(
                "INSERT INTO messaging.position (consumer, topic, partition, topic_id, next_offset) "
                        + "SELECT 'zz-renamed', topic, partition, topic_id, 0 FROM messaging.position WHERE topic = ?",
                Topics.SAGA_REPLIES);
        try {
            String order = nextOrder();
            participants.keepSilentOnce(order, "payment");
            participants.request(order);

            awaitState(order, "COMPLETED");
        } finally {
            jdbc.update("DELETE FROM messaging.position WHERE consumer = 'zz-renamed'");
        }
    }

    @Test
    void the_endpoint_lists_filters_and_explains_what_it_does_not_understand() throws Exception {
        String order = nextOrder();
        participants.request(order);
        awaitState(order, "COMPLETED");

        assertThat(get("/actuator/sagas", 200).get("items").size()).isPositive();
        assertThat(get("/actuator/sagas?state=COMPLETED&limit=1", 200).get("items").size()).isEqualTo(1);
        assertThat(get("/actuator/sagas?state=STUCK", 200).get("items").size()).isZero();
        JsonNode page = get("/actuator/sagas?limit=1", 200);
        String next = page.get("next").asString();
        String newest = page.get("items").get(0).get("sagaId").asString();
        assertThat(get("/actuator/sagas?cursor=" + next, 200).get("items").valueStream()
                        .map(item -> item.get("sagaId").asString()))
                .doesNotContain(newest);

        for (String bad : List.of("limit=0", "limit=x", "state=LOST", "orderId=1", "cursor=-", "sort=best", "olderThan=x", "snoozed=1", "stat=STUCK")) {
            JsonNode problem = get("/actuator/sagas?" + bad, 400);
            assertThat(problem.get("errors").get(0).get("pointer").asString())
                    .isEqualTo("/" + bad.substring(0, bad.indexOf('=')));
        }
        get("/actuator/sagas/not-an-id", 400);
        get("/actuator/sagas/0000000000000", 404);
    }

    @Test
    void the_service_is_ready_and_tells_its_counts() throws Exception {
        String order = nextOrder();
        participants.request(order);
        awaitState(order, "COMPLETED");

        assertThat(fetch(port, "/readyz").statusCode()).isEqualTo(200);
        String metrics = fetch(managementPort, "/actuator/prometheus").body();
        assertThat(metrics)
                .containsPattern("saga_started_total\\{.*definition=\"order-fulfilment\"")
                .containsPattern("saga_duration_seconds_count\\{.*definition=\"order-fulfilment\"")
                .contains("saga_replies_stale_total")
                .contains("saga_balance");
    }

    @Test
    void measuring_asks_for_no_trace_since_that_may_stop_the_start_for_good() {
        assertThat(context.containsBean("spanContext")).isFalse();
    }

    @Test
    void the_console_is_a_page_with_a_policy_of_its_own_that_a_browser_keeps_until_it_changes() throws Exception {
        HttpResponse<String> page = console("", "");
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=UTF-8");
        assertThat(page.headers().allValues("Content-Security-Policy")).containsExactly("default-src 'self'; "
                + "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'");
        assertThat(page.headers().firstValue("Cache-Control")).contains("no-cache");
        String tag = page.headers().firstValue("ETag").orElseThrow();
        assertThat(console("", tag).statusCode()).isEqualTo(304);
        assertThat(console("/main.js", tag).headers().firstValue("Content-Type")).contains("text/javascript;charset=UTF-8");
        assertThat(console("/runbook/outcome-unknown.md", "").statusCode()).isEqualTo(200);

        for (String path : List.of("/application.yaml", "/..%2fapplication.yaml", "/../application.yaml", "/runbook", "x")) {
            HttpResponse<String> problem = console(path, "");
            assertThat(problem.statusCode()).as(path).isBetween(400, 404);
        }
        assertThat(fetch(managementPort, "/actuator/sagas").headers().firstValue("Content-Security-Policy").orElse(""))
                .startsWith("default-src 'none'");
    }

    @Test
    void the_whole_console_is_loaded_with_less_than_100_kb() throws Exception {
        int bytes = 0;
        for (Resource file : new PathMatchingResourcePatternResolver().getResources("classpath:/console/*.*")) {
            HttpResponse<byte[]> answer = http.send(
                    consoleRequest("/" + file.getFilename()).header("Accept-Encoding", "gzip").build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).as(file.getFilename()).isEqualTo(200);
            bytes += answer.body().length;
        }
        assertThat(bytes).isBetween(10_000, 100_000);
    }

    @Test
    void a_reply_to_no_saga_becomes_a_dead_letter() {
        String order = nextOrder();
        participants.reply(order, new OrderId(42).toString(), "payment", "ACTION", 1);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(participants.deadLetters(Topics.SAGA_REPLIES)).contains(order));
    }

    private String nextOrder() {
        return ids.nextOrderId(Instant.parse("2026-01-01T00:00:00Z")).toString();
    }

    private JsonNode awaitState(String order, String state) throws Exception {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            JsonNode items = get("/actuator/sagas?orderId=" + order, 200).get("items");
            assertThat(items.size()).isEqualTo(1);
            assertThat(items.get(0).get("state").asString()).isEqualTo(state);
        });
        return get("/actuator/sagas?orderId=" + order, 200).get("items").get(0);
    }

    private JsonNode get(String path, int status) throws Exception {
        HttpResponse<String> response = fetch(managementPort, path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        if (status >= 400) {
            assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        }
        return json.readTree(response.body());
    }

    private HttpResponse<String> console(String path, String knownTag) throws Exception {
        return http.send(
                consoleRequest(path).header("If-None-Match", knownTag).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder consoleRequest(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + managementPort + "/actuator/sagaconsole" + path))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(operator.getBytes()));
    }

    private HttpResponse<String> fetch(int at, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + at + path);
        return http.send(HttpRequest.newBuilder(uri).GET().build(), HttpResponse.BodyHandlers.ofString());
    }
}
