package io.baton.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.Money;
import io.baton.messaging.Ids;
import io.baton.messaging.test.RealServers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import tools.jackson.databind.JsonNode;

/** What operators do to many sagas, and hold back, by nothing but HTTP, on real servers. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "baton.operators.four-eyes-above=100.00 EUR",
            "baton.sagas.order-fulfilment.steps.delivery.timeout=1s",
            "baton.sagas.order-fulfilment.steps.delivery.attempts=1",
            "baton.sagas.order-fulfilment.steps.payment.timeout=2s",
        })
@RealServers(database = "operators")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BulkEndpointsIT {

    @Value("${local.management.port}")
    private int managementPort;

    @Value("${spring.kafka.bootstrap-servers}")
    private String bootstrapServers;

    @Value("${baton.operator.user}:${baton.operator.password}")
    private String credentials;

    @Autowired
    private Ids ids;

    private PlayedParticipants participants;
    private ActuatorClient operator;

    @BeforeAll
    void play() {
        participants = new PlayedParticipants(bootstrapServers);
        operator = new ActuatorClient(managementPort, credentials);
    }

    @AfterAll
    void close() {
        participants.close();
    }

    @Test
    void a_bulk_of_a_hundred_and_twenty_shows_its_progress_and_is_cancelled_half_way() throws Exception {
        List<String> sagas = stuckSagas(120);
        String crew = assign(sagas);
        String wish = "\"action\":\"resolve\",\"assignee\":\"" + crew + "\",\"step\":\"delivery\",\"took\":true";

        JsonNode plan = operator.post("/actuator/sagabulk", "{" + wish + ",\"dryRun\":true}", 200);
        assertThat(plan.get("count").asInt()).isEqualTo(120);
        assertThat(plan.get("allowed").asInt()).isEqualTo(120);
        assertThat(plan.get("refused").size()).isZero();
        assertThat(plan.get("sends").toString())
                .isEqualTo("[{\"command\":\"CompleteOrder\",\"participant\":\"order\",\"count\":120}]");
        assertThat(plan.get("sample").size()).isEqualTo(10);

        int before = operator.get("/actuator/sagabulk", 200).get("items").size();
        JsonNode changed =
                operator.post("/actuator/sagabulk", "{" + wish + ",\"expectedCount\":119,\"reason\":\"Found it at the carrier.\"}", 409);
        assertThat(changed.get("count").asInt()).isEqualTo(120);
        assertThat(operator.get("/actuator/sagaaudit?action=bulk-resolve&limit=1", 200).at("/items/0/result").asString())
                .isEqualTo("REFUSED");
        operator.post("/actuator/sagabulk", "{" + wish + ",\"reason\":\"Found it at the carrier.\"}", 400);
        assertThat(operator.get("/actuator/sagabulk", 200).get("items").size()).as("nothing was begun").isEqualTo(before);

        String begin = "{" + wish + ",\"expectedCount\":120,\"maxPerSecond\":40,\"requestId\":\"" + UUID.randomUUID()
                + "\",\"reason\":\"Found it at the carrier.\"}";
        String bulk = operator.post("/actuator/sagabulk", begin, 202).get("bulkId").asString();
        assertThat(operator.post("/actuator/sagabulk", begin, 202).get("bulkId").asString()).as("a double click").isEqualTo(bulk);
        await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50)).untilAsserted(() ->
                assertThat(counts(operator.get("/actuator/sagabulk/" + bulk, 200)).getOrDefault("GRANTED", 0)).isGreaterThan(40));
        assertThat(operator.delete("/actuator/sagabulk/" + bulk, 400).at("/errors/0/pointer").asString()).isEqualTo("/reason");
        JsonNode cancelled = operator.delete("/actuator/sagabulk/" + bulk + "?reason=That%20is%20enough.", 200);

        assertThat(cancelled.get("state").asString()).isEqualTo("CANCELLED");
        Map<String, Integer> counts = counts(cancelled);
        assertThat(counts).containsOnlyKeys("GRANTED", "CANCELLED");
        assertThat(counts.get("GRANTED") + counts.get("CANCELLED")).isEqualTo(120);
        assertThat(operator.get("/actuator/sagabulk/" + bulk + "?result=cancelled&limit=500", 200).get("items").valueStream()
                        .map(item -> item.get("effective").asString()))
                .hasSize(counts.get("CANCELLED"))
                .containsOnly("STUCK");
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                        operator.get("/actuator/sagabulk/" + bulk + "?result=granted&limit=500", 200).get("items").valueStream()
                                .map(item -> item.get("effective").asString()))
                .as("accepted is one thing, effective another")
                .hasSize(counts.get("GRANTED"))
                .containsOnly("COMPLETED"));
        assertThat(operator.send("GET", "/actuator/sagabulk/" + bulk + "?format=csv", null).body().lines())
                .hasSize(121)
                .first()
                .isEqualTo("sagaId,version,result,message,at,effective");
        operator.delete("/actuator/sagabulk/" + bulk + "?reason=Once%20more.", 409);

        JsonNode audit = operator.get("/actuator/sagaaudit?limit=500", 200).get("items");
        assertThat(audit.valueStream()
                        .filter(line -> line.path("bulkId").asString("").equals(bulk))
                        .collect(Collectors.groupingBy(
                                line -> line.get("action").asString() + " " + line.get("result").asString(),
                                Collectors.counting())))
                .isEqualTo(Map.of(
                        "resolve GRANTED", (long) counts.get("GRANTED"),
                        "bulk-resolve GRANTED", 1L,
                        "bulk-cancel GRANTED", 1L,
                        "bulk-cancel REFUSED", 1L));
    }

    @Test
    void an_operator_who_is_faster_than_the_bulk_acts_and_the_bulk_says_so() throws Exception {
        List<String> sagas = stuckSagas(2).stream().sorted().toList();
        int version = operator.get("/actuator/sagas/" + sagas.getLast(), 200).get("version").asInt();
        String bulk = operator.post(
                        "/actuator/sagabulk",
                        "{\"action\":\"resolve\",\"step\":\"delivery\",\"took\":true,\"maxPerSecond\":1,\"ids\":\""
                                + String.join(",", sagas) + "\",\"reason\":\"Found it at the carrier.\"}",
                        202)
                .get("bulkId")
                .asString();
        int single = operator.send(
                        "POST",
                        "/actuator/sagas/" + sagas.getLast() + "/resolve",
                        "{\"step\":\"delivery\",\"took\":true,\"reason\":\"At once.\",\"expectedVersion\":" + version
                                + "}")
                .statusCode();
        JsonNode ended = awaitEnd(bulk);
        String result = ended.get("items").get(1).get("result").asString();
        assertThat(single + " " + result).as("one effect, the other is told").isIn("200 OUTDATED", "412 GRANTED");
    }

    @Test
    void a_bulk_is_never_for_more_than_was_said() throws Exception {
        List<String> sagas = stuckSagas(3);
        String crew = assign(sagas);
        String rest = ",\"reason\":\"Try again.\",\"expectedCount\":3}";
        JsonNode unknown = operator.post(
                "/actuator/sagabulk", "{\"action\":\"retry\",\"assignee\":\"" + crew + "\",\"stat\":\"STUCK\"" + rest, 400);
        assertThat(unknown.at("/errors/0/pointer").asString()).isEqualTo("/stat");
        operator.post("/actuator/sagabulk", "{\"action\":\"retry\"" + rest, 400);
        operator.post("/actuator/sagabulk", "{\"action\":\"retry\",\"state\":\"STUCK\",\"ids\":\"" + sagas.getFirst() + "\"" + rest, 400);
        operator.post("/actuator/sagabulk", "{\"action\":\"retry\",\"ids\":\"x\"" + rest, 400);
        operator.post("/actuator/sagabulk", "{\"action\":\"explode\",\"assignee\":\"" + crew + "\"" + rest, 404);
        operator.post("/actuator/sagabulk", "{\"action\":\"retry\",\"assignee\":\"" + crew + "\",\"maxPerSecond\":0" + rest, 400);

        String bulk = operator.post(
                        "/actuator/sagabulk",
                        "{\"action\":\"note\",\"text\":\"Seen.\",\"assignee\":\"" + crew + "\",\"limit\":2" + rest,
                        202)
                .get("bulkId")
                .asString();
        assertThat(awaitEnd(bulk).get("items").valueStream().map(item -> item.get("sagaId").asString()))
                .containsExactlyElementsOf(sagas.stream().sorted().limit(2).toList());

        String named = operator.post(
                        "/actuator/sagabulk",
                        "{\"action\":\"note\",\"text\":\"Seen.\",\"ids\":\"" + sagas.getFirst()
                                + ",0000000000001\",\"reason\":\"Look.\"}",
                        202)
                .get("bulkId")
                .asString();
        assertThat(awaitEnd(named).get("items").valueStream().map(item -> item.get("result").asString()))
                .containsExactly("GONE", "GRANTED");
    }

    @Test
    void stuck_sagas_are_grouped_by_what_they_have_in_common() throws Exception {
        List<String> sagas = stuckSagas(3);
        String crew = assign(sagas);
        int version = operator.get("/actuator/sagas/" + sagas.getFirst(), 200).get("version").asInt();
        operator.post(
                "/actuator/sagas/" + sagas.getFirst() + "/snooze",
                "{\"reason\":\"Known.\",\"until\":\"2100-01-01T00:00:00Z\",\"expectedVersion\":" + version + "}",
                200);

        JsonNode page = operator.get("/actuator/sagagroups?assignee=" + crew, 200);
        assertThat(page.get("total").asInt()).isEqualTo(3);
        assertThat(page.get("groups").size()).isEqualTo(1);
        JsonNode group = page.get("groups").get(0);
        assertThat(group.get("definition").asString()).isEqualTo("order-fulfilment");
        assertThat(group.get("step").asString()).isEqualTo("delivery");
        assertThat(group.get("reason").asString()).isEqualTo("OUTCOME_UNKNOWN");
        assertThat(group.get("participant").asString()).isEqualTo("delivery");
        assertThat(group.get("count").asInt()).isEqualTo(3);
        assertThat(group.get("lastHour").asInt()).isEqualTo(3);
        assertThat(group.get("snoozed").asInt()).isEqualTo(1);
        assertThat(group.get("sampleMessage").asString()).contains("No answer");
        assertThat(group.get("runbook").asString()).endsWith("/runbook/outcome-unknown.md");
        assertThat(operator.get("/actuator/sagagroups?error=none&assignee=" + crew, 200).get("total").asInt()).isEqualTo(3);
        assertThat(operator.get("/actuator/sagagroups?error=NO&assignee=" + crew, 200).get("total").asInt()).isZero();
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(operator.get("/actuator/sagastats", 200).get("stuck")
                        .valueStream()
                        .filter(reason -> reason.get("reason").asString().equals("OUTCOME_UNKNOWN"))
                        .mapToLong(reason -> reason.get("snoozed").asLong())
                        .sum())
                .as("of those that need nobody now")
                .isPositive());
        assertThat(operator.get("/actuator/sagagroups?snoozed=false&assignee=" + crew, 200).get("total").asInt()).isEqualTo(2);
        JsonNode byReason = operator.get("/actuator/sagagroups?by=reason&assignee=" + crew, 200).get("groups").get(0);
        assertThat(byReason.has("step")).isFalse();
        operator.get("/actuator/sagagroups?by=moon", 400);
        operator.get("/actuator/sagagroups?participnt=delivery", 400);
    }

    @Test
    void commands_of_a_step_are_held_and_let_go() throws Exception {
        String hold = operator.post(
                        "/actuator/sagaholds",
                        "{\"definition\":\"order-fulfilment\",\"step\":\"inventory\",\"reason\":\"Stock is counted.\"}",
                        200)
                .get("holdId")
                .asString();
        operator.post(
                "/actuator/sagaholds",
                "{\"definition\":\"order-fulfilment\",\"step\":\"inventory\",\"reason\":\"Stock is counted.\"}",
                409);
        operator.post("/actuator/sagaholds", "{\"definition\":\"order-fulfilment\",\"step\":\"moon\",\"reason\":\"Stock.\"}", 400);
        String order = nextOrder();
        participants.request(order);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            JsonNode saga = saga(order);
            assertThat(saga.get("state").asString()).isEqualTo("PAYMENT_COMPLETED");
            assertThat(saga.has("dueAt")).as("its clock stands still").isFalse();
            assertThat(saga.at("/heldCommands/0/command").asString()).isEqualTo("ReserveStock");
            assertThat(saga.at("/heldCommands/0/hold").asString()).isEqualTo(hold);
        });
        assertThat(participants.sent(order, "inventory")).isZero();
        assertThat(operator.get("/actuator/sagaholds", 200).at("/items/0/heldCommands").asInt()).isEqualTo(1);

        operator.post("/actuator/sagaholds/" + hold + "/release", "{\"reason\":\"It is counted.\",\"maxPerSecond\":50}", 200);
        operator.post("/actuator/sagaholds/" + hold + "/release", "{\"reason\":\"It is counted.\"}", 409);
        operator.post("/actuator/sagaholds/999999/release", "{\"reason\":\"It is counted.\"}", 404);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(saga(order).get("state").asString()).isEqualTo("COMPLETED"));
        assertThat(participants.sent(order, "inventory")).isEqualTo(1);
        assertThat(operator.get("/actuator/sagaholds", 200).get("items").size()).isZero();
    }

    @Test
    void a_paused_saga_is_shown_as_such_and_goes_on_when_it_is_resumed() throws Exception {
        String order = nextOrder();
        participants.keepSilent(order, "payment");
        participants.request(order);
        await().atMost(Duration.ofSeconds(30)).until(() -> participants.sent(order, "payment") > 0);
        JsonNode saga = saga(order);
        String path = "/actuator/sagas/" + saga.get("sagaId").asString();
        String body = "{\"reason\":\"Bank is away.\",\"expectedVersion\":" + saga.get("version").asInt() + "}";
        operator.post(path + "/pause", body, 200);
        assertThat(operator.post(path + "/pause", body, 409).get("why").asString()).isEqualTo("the saga is paused already");
        assertThat(operator.get("/actuator/sagas?paused=true", 200).get("items").valueStream()
                        .map(item -> item.get("orderId").asString() + item.get("paused").asBoolean()))
                .contains(order + "true");
        assertThat(operator.get("/actuator/sagas?paused=false&orderId=" + order, 200).get("items").size()).isZero();

        participants.speak(order, "payment");
        operator.post(path + "/resume", body, 200);
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(saga(order).get("state").asString()).isEqualTo("COMPLETED"));
        assertThat(saga(order).get("operatorActions").valueStream().map(line -> line.get("action").asString()))
                .contains("pause", "resume");
    }

    private String nextOrder() {
        return ids.nextOrderId(Instant.parse("2026-01-01T00:00:00Z")).toString();
    }

    /** Sagas whose delivery nobody answers for. */
    private List<String> stuckSagas(int count) {
        List<String> orders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String order = nextOrder();
            participants.keepSilent(order, "delivery");
            participants.request(order, new Money(9_998, "EUR"));
            orders.add(order);
        }
        List<String> sagas = new ArrayList<>();
        await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(100)).until(() -> {
            sagas.clear();
            Map<String, String> stuck = new HashMap<>();
            operator.get("/actuator/sagas?state=STUCK&limit=500", 200).get("items").forEach(item ->
                    stuck.put(item.get("orderId").asString(), item.get("sagaId").asString()));
            orders.stream().filter(stuck::containsKey).map(stuck::get).forEach(sagas::add);
            return sagas.size() == count;
        });
        return List.copyOf(sagas);
    }

    /** Assigns the sagas, in bulk, to somebody whom nobody else has heard of, and returns his name. */
    private String assign(List<String> sagas) throws Exception {
        String crew = "crew-" + UUID.randomUUID();
        String bulk = operator.post(
                        "/actuator/sagabulk",
                        "{\"action\":\"assign\",\"assignee\":\"" + crew + "\",\"maxPerSecond\":1000,\"ids\":\""
                                + String.join(",", sagas) + "\",\"reason\":\"It is theirs.\"}",
                        202)
                .get("bulkId")
                .asString();
        assertThat(counts(awaitEnd(bulk))).isEqualTo(Map.of("GRANTED", sagas.size()));
        return crew;
    }

    private JsonNode awaitEnd(String bulk) throws Exception {
        await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50)).until(() ->
                operator.get("/actuator/sagabulk/" + bulk, 200).get("state").asString().equals("DONE"));
        return operator.get("/actuator/sagabulk/" + bulk, 200);
    }

    private static Map<String, Integer> counts(JsonNode bulk) {
        return bulk.get("counts").propertyStream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().asInt()));
    }

    private JsonNode saga(String order) throws Exception {
        JsonNode items = operator.get("/actuator/sagas?orderId=" + order, 200).get("items");
        assertThat(items.size()).isEqualTo(1);
        return operator.get("/actuator/sagas/" + items.get(0).get("sagaId").asString(), 200);
    }
}
