package io.baton.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.messaging.Ids;
import io.baton.messaging.test.RealServers;
import io.baton.orchestrator.execution.SagaCounts;
import io.baton.orchestrator.execution.SagaCounts.Balance;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** What the whole service shows operators, on real servers. The settings are those of {@link SagaOrchestratorIT}. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "baton.sagas.order-fulfilment.steps.payment.timeout=2s",
            "baton.sagas.order-fulfilment.steps.inventory.attempts=3",
        })
@RealServers(database = "orchestrator")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatorSignalsIT {

    @Value("${local.management.port}")
    private int managementPort;

    @Value("${local.server.port}")
    private int port;

    @Value("${spring.kafka.bootstrap-servers}")
    private String bootstrapServers;

    @Value("${baton.operator.user}")
    private String user;

    @Value("${baton.operator.password}")
    private String password;

    @Autowired
    private Ids ids;

    @Autowired
    private JdbcTemplate jdbc;

    @Autowired
    private SagaCounts counts;

    private PlayedParticipants participants;
    private ActuatorClient operator;
    private ActuatorClient service;

    @BeforeAll
    void play() throws Exception {
        participants = new PlayedParticipants(bootstrapServers);
        operator = new ActuatorClient(managementPort, user + ":" + password);
        service = new ActuatorClient(port, null);
        participants.request(nextOrder());
        String refused = nextOrder();
        participants.refuse(refused, "delivery");
        participants.request(refused);
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            Balance balance = counts.take().balances().get("order-fulfilment");
            assertThat(balance.completed()).isPositive();
            assertThat(balance.compensated()).isPositive();
            assertThat(balance.moving()).isZero();
        });
        // What is told is some seconds old.
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(fulfilment().get("compensated").asLong()).isPositive();
            assertThat(fulfilment().get("open").asLong()).isZero();
            assertThat(fulfilment().path("completionRate").asDouble(1)).isLessThan(1);
        });
    }

    @AfterAll
    void close() {
        participants.close();
    }

    @Test
    void statistics_add_up_and_tell_how_sagas_fare() throws Exception {
        // What the broker says is twenty seconds old at most.
        JsonNode stats = await().atMost(Duration.ofSeconds(30)).until(
                () -> operator.get("/actuator/sagastats", 200),
                found -> found.get("system").get("consumerLag").valueStream()
                        .anyMatch(lag -> lag.get("topic").asString().equals("saga.replies")));
        JsonNode sagas = fulfilment();
        assertThat(sagas.get("started").asLong())
                .isEqualTo(sagas.get("completed").asLong()
                        + sagas.get("compensated").asLong()
                        + sagas.get("open").asLong()
                        + sagas.get("stuck").asLong());
        assertThat(sagas.get("completionRate").asDouble()).isBetween(0.01, 0.99);
        assertThat(sagas.get("durations").get("p99").asDouble())
                .isGreaterThanOrEqualTo(sagas.get("durations").get("p50").asDouble());
        assertThat(sagas.get("compensationsByStep").valueStream().map(cause -> cause.get("code").asString()))
                .contains("ADDRESS_NOT_SERVED");
        assertThat(stats.get("window").get("sagas").asLong()).isPositive();
        assertThat(stats.get("system").get("instances").asInt()).isEqualTo(1);
        assertThat(stats.get("system").get("timersOverdue").asLong()).isZero();
        assertThat(stats.get("throughput").size()).isPositive();
    }

    @Test
    void definitions_are_told_with_their_diagrams() throws Exception {
        JsonNode definitions = operator.get("/actuator/sagadefinitions", 200).get("definitions");
        assertThat(definitions.valueStream().map(definition -> definition.get("name").asString()))
                .containsExactly("order-cancellation", "order-fulfilment");
        JsonNode fulfilment = definitions.get(1);
        assertThat(fulfilment.get("pivot").asString()).isEqualTo("delivery");
        assertThat(fulfilment.get("current").asBoolean()).isTrue();
        assertThat(fulfilment.get("hash").asString()).hasSize(16);
        assertThat(fulfilment.get("mermaid").asString()).contains("stateDiagram-v2", "STARTED --> COMPENSATING");
        JsonNode payment = fulfilment.get("steps").get(1);
        assertThat(payment.get("participant").asString()).isEqualTo("payment");
        assertThat(payment.get("action").asString()).isEqualTo("ChargePayment");
        assertThat(payment.get("compensation").asString()).isEqualTo("RefundPayment");
        assertThat(payment.get("timeout").asString()).isEqualTo("PT2S");
    }

    @Test
    void dead_letters_are_listed_found_and_shown_without_what_is_personal() throws Exception {
        String marker = UUID.randomUUID().toString();
        byte[] poison = ("{\"marker\":\"" + marker + "\", \"deliveryAddress\":{\"name\":\"Ada Lovelace\"}, 17")
                .getBytes(StandardCharsets.UTF_8);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>("saga.replies", 0, nextOrder().getBytes(StandardCharsets.UTF_8), poison);
        record.headers()
                .add("ce_type", "payment.PaymentCharged".getBytes(StandardCharsets.UTF_8))
                .add("odd\0name", new byte[] {0, (byte) 0xFF})
                .add("nothing", null);
        send(record);
        JsonNode item = await().atMost(Duration.ofSeconds(30))
                .until(() -> newest("saga.replies-dlt"), found -> found != null && found.get("bytes").asInt() == poison.length);
        assertThat(item.get("status").asString()).isEqualTo("NEW");
        assertThat(item.get("origin").asString()).matches("saga\\.replies-0@\\d+");
        assertThat(item.get("type").asString()).isEqualTo("payment.PaymentCharged");

        JsonNode letter = operator.get("/actuator/deadletters/" + item.get("id").asString(), 200);
        assertThat(letter.get("body").asString())
                .contains("\"marker\":", "\"name\":")
                .doesNotContain("Ada", "Lovelace", marker, "17");
        assertThat(letter.get("headers").get("odd\uFFFDname").asString()).isNotEmpty();
        assertThat(letter.get("exception").asString()).endsWith("MalformedMessageException");
        assertThat(letter.get("allowedActions").get(0).get("effect").asString()).contains("saga.replies");
        assertThat(operator.get("/actuator/deadletters?status=DISCARDED&topic=saga.replies-dlt", 200).get("items").valueStream()
                        .map(other -> other.get("id").asString()))
                .doesNotContain(item.get("id").asString());
        for (String bad : new String[] {"limit=0", "status=LOST", "sagaId=1", "cursor=x"}) {
            assertThat(operator.get("/actuator/deadletters?" + bad, 400).get("errors").get(0).get("detail").asString())
                    .contains(bad.substring(0, bad.indexOf('=')));
        }
        operator.get("/actuator/deadletters/saga.replies-dlt-0-99999999", 404);
        operator.get("/actuator/deadletters/nonsense", 400);
    }

    @Test
    void a_dead_letter_is_sent_again_as_it_came_and_once_for_each_wish() throws Exception {
        byte[] poison = ("{\"again\":" + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>("saga.replies", 1, "key".getBytes(StandardCharsets.UTF_8), poison);
        record.headers().add("ce_type", "no.such.Type".getBytes(StandardCharsets.UTF_8)).add("bytes", new byte[] {0, -1});
        send(record);
        String id = awaitLetters(poison, 1).getFirst();
        String wish = UUID.randomUUID().toString();

        JsonNode refused = operator.post("/actuator/deadletters/" + id + "/redrive", "{\"requestId\":\"" + wish + "\"}", 400);
        assertThat(refused.get("errors").get(0).get("pointer").asString()).isEqualTo("/reason");
        String body = "{\"reason\":\"The reader is mended.\",\"requestId\":\"" + wish + "\"}";
        JsonNode done = operator.post("/actuator/deadletters/" + id + "/redrive", body, 200);
        assertThat(done.get("status").asString()).isEqualTo("REDRIVEN");
        assertThat(done.get("replayed").asBoolean()).isFalse();
        // Nobody can read it, so it comes back as another dead letter.
        String back = awaitLetters(poison, 2).getLast();
        assertThat(operator.post("/actuator/deadletters/" + id + "/redrive", body, 200).get("replayed").asBoolean()).isTrue();
        assertThat(jdbc.queryForObject(
                        "SELECT count(DISTINCT (record_key, body, header_names[1:2], header_values[1:2], "
                                + "cardinality(header_names))) FROM dead_letter WHERE body = ?",
                        Long.class,
                        (Object) poison))
                .isEqualTo(1);
        JsonNode letter = operator.get("/actuator/deadletters/" + id, 200);
        assertThat(letter.get("settledBy").asString()).isEqualTo(user);
        assertThat(letter.get("settledWhy").asString()).isEqualTo("The reader is mended.");

        JsonNode twice = operator.post("/actuator/deadletters/" + id + "/redrive", "{\"reason\":\"Once more.\"}", 409);
        assertThat(twice.get("why").asString()).contains("another dead letter");
        assertThat(twice.get("allowedActions").size()).isEqualTo(2);
        operator.post("/actuator/deadletters/" + back + "/discard", body, 409);
        operator.post("/actuator/deadletters/" + back + "/discard", "{\"reason\":\"Hopeless.\"}", 200);
        operator.post("/actuator/deadletters/" + back + "/burn", "{\"reason\":\"Hopeless.\"}", 404);
        assertThat(operator.get("/actuator/sagaaudit?limit=10", 200).get("items").valueStream()
                        .map(line -> line.get("action").asString() + " " + line.get("result").asString()))
                .contains("redrive GRANTED", "redrive REFUSED", "discard GRANTED");
        assertThat(awaitLetters(poison, 2)).hasSize(2);
    }

    @Test
    void what_tells_of_a_stuck_saga_is_found_by_it_and_not_sent_again() throws Exception {
        String saga = nextOrder();
        byte[] stuck = ("{\"sagaId\":\"" + saga + "\",\"definition\":\"order-fulfilment\",\"version\":1,\"going\":\"ACTION\","
                        + "\"code\":\"OUTCOME_UNKNOWN\",\"step\":\"delivery\",\"message\":\"Nobody knows.\"}")
                .getBytes(StandardCharsets.UTF_8);
        send(new ProducerRecord<>("saga.dead-letters", 2, saga.getBytes(StandardCharsets.UTF_8), stuck));
        String id = awaitLetters(stuck, 1).getFirst();
        assertThat(counts.take().deadLetters().values().stream().mapToLong(Long::longValue).sum())
                .as("nothing more for somebody to see to")
                .isEqualTo(jdbc.queryForObject(
                        "SELECT count(*) FROM dead_letter WHERE topic <> 'saga.dead-letters'", Long.class));
        JsonNode item = operator.get("/actuator/deadletters?sagaId=" + saga, 200).get("items").get(0);
        assertThat(item.get("id").asString()).isEqualTo(id);
        assertThat(item.get("reason").asString()).contains("OUTCOME_UNKNOWN", "Nobody knows.");
        assertThat(operator.get("/actuator/deadletters?limit=500", 200).get("items").valueStream()
                        .map(letter -> letter.get("topic").asString()))
                .as("letters that somebody has to see to")
                .doesNotContain("saga.dead-letters");
        assertThat(operator.get("/actuator/deadletters?topic=saga.dead-letters", 200).get("items").valueStream()
                        .map(letter -> letter.get("id").asString()))
                .contains(id);
        assertThat(operator.get("/actuator/deadletters", 200).get("counts").valueStream().mapToLong(JsonNode::asLong).sum())
                .isEqualTo(jdbc.queryForObject(
                        "SELECT count(*) FROM dead_letter WHERE topic <> 'saga.dead-letters'", Long.class));
        assertThat(operator.post("/actuator/deadletters/" + id + "/redrive", "{\"reason\":\"Try it.\"}", 409).get("why").asString())
                .contains("act on the saga");
    }

    @Test
    void who_asks_is_told_who_he_is() throws Exception {
        JsonNode me = operator.get("/actuator/whoami", 200);
        assertThat(me.get("user").asString()).isEqualTo(user);
        assertThat(me.get("canAct").asBoolean()).isTrue();
        assertThat(me.get("roles").valueStream().map(JsonNode::asString)).contains("operator");
    }

    @Test
    void all_meters_are_scraped_and_no_probe_minds_what_sagas_do() throws Exception {
        String metrics = await().atMost(Duration.ofSeconds(30))
                .until(() -> operator.send("GET", "/actuator/prometheus", null).body(), text -> text.contains("saga_balance"));
        assertThat(metrics)
                .contains("saga_started_total{", "saga_duration_seconds_bucket{", "saga_step_duration_seconds_count{")
                .contains("saga_compensations_total{", "saga_timer_lag_seconds_count", "saga_oldest_age_seconds{")
                .contains("messages_parked_total", "outbox_pending", "outbox_oldest_age_seconds", "dead_letters{", "outbox_publish_seconds_count")
                .contains("saga_counts_age_seconds", "saga_timers_overdue", "saga_stuck{", "saga_stuck_snoozed{");
        JsonNode health = operator.get("/actuator/health", 200);
        assertThat(health.get("components").get("sagas").get("status").asString()).isEqualTo("UP");
        assertThat(health.get("components").get("sagas").get("details").has("stuck")).isTrue();
        assertThat(service.send("GET", "/readyz", null).statusCode()).isEqualTo(200);
        assertThat(service.send("GET", "/readyz", null).body()).doesNotContain("sagas");
        assertThat(service.send("GET", "/livez", null).statusCode()).isEqualTo(200);
    }

    private JsonNode fulfilment() throws Exception {
        return operator.get("/actuator/sagastats", 200)
                .get("definitions")
                .valueStream()
                .filter(definition -> definition.get("definition").asString().equals("order-fulfilment"))
                .findFirst()
                .orElseThrow();
    }

    private List<String> awaitLetters(byte[] body, int count) {
        return await().atMost(Duration.ofSeconds(30)).until(
                () -> jdbc.queryForList(
                        "SELECT topic || '-' || partition || '-' || record_offset FROM dead_letter WHERE body = ? "
                                + "ORDER BY id",
                        String.class,
                        (Object) body),
                found -> found.size() >= count);
    }

    private void send(ProducerRecord<byte[], byte[]> record) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            producer.send(record).get();
        }
    }

    private JsonNode newest(String topic) throws Exception {
        JsonNode items = operator.get("/actuator/deadletters?topic=" + topic + "&limit=1", 200).get("items");
        return items.isEmpty() ? null : items.get(0);
    }

    private String nextOrder() {
        return ids.nextOrderId(Instant.parse("2026-01-01T00:00:00Z")).toString();
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new ByteArraySerializer(), new ByteArraySerializer());
    }
}
