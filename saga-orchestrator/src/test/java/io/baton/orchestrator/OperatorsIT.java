package io.baton.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.baton.contract.Money;
import io.baton.messaging.Ids;
import io.baton.messaging.test.RealServers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What operators see and do, by nothing but HTTP, on real servers. The participants are played by the test. */
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
class OperatorsIT {

    private static final int STUCK_AT_ONCE = 24;

    private final JsonMapper json = JsonMapper.builder().build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @Value("${local.management.port}")
    private int managementPort;

    @Value("${spring.kafka.bootstrap-servers}")
    private String bootstrapServers;

    @Value("${baton.operator.user}:${baton.operator.password}")
    private String credentials;

    @Autowired
    private Ids ids;

    @Autowired
    private JdbcTemplate jdbc;

    private final Queue<String> stuck = new ArrayDeque<>();
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
        threads.close();
    }

    @Test
    void a_stuck_saga_says_what_can_be_done_and_what_cannot_and_why() throws Exception {
        String order = stuckOrder();
        JsonNode saga = saga(order);

        assertThat(saga.at("/stuck/code").asString()).isEqualTo("OUTCOME_UNKNOWN");
        assertThat(saga.get("participant").asString()).isEqualTo("delivery");
        assertThat(saga.has("stuckSince")).isTrue();
        assertThat(saga.get("runbook").asString()).isEqualTo("/actuator/sagaconsole/runbook/outcome-unknown.md");
        JsonNode retry = allowed(saga, "retry");
        assertThat(retry.get("allowed").asBoolean()).isTrue();
        assertThat(retry.get("effect").asString())
                .isEqualTo("Sends ScheduleDelivery to delivery, then if all goes well CompleteOrder to order; if all goes "
                        + "well the saga ends as COMPLETED.");
        JsonNode compensate = allowed(saga, "compensate");
        assertThat(compensate.get("allowed").asBoolean()).isFalse();
        assertThat(compensate.get("why").asString()).contains("may have happened");
        assertThat(allowed(saga, "skip").get("why").asString()).contains("resolve or compensate");
        assertThat(allowed(saga, "extend").get("why").asString()).contains("retry goes on without a deadline");
        assertThat(saga.get("sequence").asString())
                .contains("orchestrator->>delivery: ScheduleDelivery")
                .contains("Note over delivery: TIMEOUT");
        assertThat(saga.get("diagram").asString()).contains("stateDiagram-v2");
    }

    @Test
    void personal_data_are_shown_only_to_who_asks_and_asking_is_kept() throws Exception {
        String order = stuckOrder();
        JsonNode saga = saga(order);
        assertThat(saga.at("/data/customerId").asString()).isEqualTo("c-1");
        assertThat(saga.at("/data/deliveryAddress/name").asString()).isEqualTo("•••");
        assertThat(saga.toString()).doesNotContain("A. Person").doesNotContain("Street 1");
        assertThat(saga.get("dataHidden").toString()).contains("/deliveryAddress/name");

        JsonNode shown = act(saga, "reveal", "", 200);
        assertThat(shown.at("/data/deliveryAddress/name").asString()).isEqualTo("A. Person");
        assertThat(auditOf(saga)).extracting(line -> line.get("action").asString()).containsExactly("reveal");

        String request = ",\"requestId\":\"" + auditOf(saga).getFirst().get("requestId").asString() + "\"";
        JsonNode repeated = act(saga, "reveal", request, 200);
        assertThat(repeated.get("replayed").asBoolean()).isTrue();
        assertThat(repeated.has("data")).as("a look that is not audited").isFalse();
    }

    @Test
    void a_dry_run_changes_nothing_and_tells_exactly_what_is_sent() throws Exception {
        String order = stuckOrder();
        JsonNode saga = saga(order);
        int sent = participants.sent(order, "delivery");

        JsonNode plan = act(saga, "resolve", ",\"step\":\"delivery\",\"took\":false,\"dryRun\":true", 200);
        assertThat(plan.get("from").asString()).isEqualTo("STUCK");
        assertThat(plan.get("to").asString()).isEqualTo("COMPENSATING");
        assertThat(commands(plan, "sends")).containsExactly("ReleaseStock");
        assertThat(commands(plan, "later")).containsExactly("RefundPayment", "CancelOrder");
        assertThat(plan.get("end").asString()).isEqualTo("COMPENSATED");
        assertThat(plan.get("unknownSteps").toString()).isEqualTo("[\"delivery\"]");
        assertThat(plan.get("pastPivot").toString()).isEqualTo("[\"delivery\"]");
        assertThat(plan.get("words").asString()).startsWith("Sends ReleaseStock to inventory");
        assertThat(saga(order).get("version")).isEqualTo(saga.get("version"));
        assertThat(participants.sent(order, "delivery")).isEqualTo(sent);
        assertThat(auditOf(saga)).isEmpty();

        JsonNode done = act(saga, "resolve", ",\"step\":\"delivery\",\"took\":false", 200);
        assertThat(done.get("sends")).isEqualTo(plan.get("sends"));
        awaitState(order, "COMPENSATED");
        assertThat(saga(order).get("log").valueStream()
                        .filter(line -> line.path("direction").asString("").equals("COMPENSATION"))
                        .map(line -> line.get("message").asString()))
                .containsExactly("ReleaseStock", "RefundPayment", "CancelOrder");
    }

    @Test
    void a_retry_takes_effect_once_and_stands_in_log_and_audit() throws Exception {
        String order = stuckOrder();
        JsonNode saga = saga(order);
        participants.speak(order, "delivery");

        JsonNode done = act(saga, "retry", "", 200);
        assertThat(done.get("version").asInt()).isEqualTo(saga.get("version").asInt() + 1);
        awaitState(order, "COMPLETED");
        JsonNode after = saga(order);
        assertThat(after.get("log").valueStream()
                        .filter(line -> line.has("actor"))
                        .map(line -> line.get("outcome").asString() + " by " + line.get("actor").asString()))
                .containsExactly("RETRIED by operator");
        assertThat(after.get("operatorActions").get(0).get("result").asString()).isEqualTo("GRANTED");
        assertThat(operator.get("/actuator/sagas?reason=OUTCOME_UNKNOWN&orderId=" + order).get("items").size())
                .isZero();
        act(after, "retry", "", 409);
    }

    @Test
    void what_is_not_understood_is_named_and_changes_nothing() throws Exception {
        String order = stuckOrder();
        JsonNode saga = saga(order);
        String path = "/actuator/sagas/" + saga.get("sagaId").asString() + "/";
        String version = "\"expectedVersion\":" + saga.get("version").asInt();
        List<String[]> bad = List.of(
                new String[] {"retry", "{" + version + "}", "/reason"},
                new String[] {"retry", "{\"reason\":\"x\"," + version + "}", "/reason"},
                new String[] {"retry", "{\"reason\":\"a\\nforged line\"," + version + "}", "/reason"},
                new String[] {"retry", "{\"reason\":\"Because.\"}", "/expectedVersion"},
                new String[] {"retry", "{\"reason\":\"Because.\",\"expectedVersion\":\"seven\"}", "/expectedVersion"},
                new String[] {"retry", "{\"reason\":\"Because.\",\"dryrun\":true," + version + "}", "/dryrun"},
                new String[] {"retry", "{\"reason\":\"Because.\",\"requestId\":\"1\"," + version + "}", "/requestId"},
                new String[] {"skip", "{\"reason\":\"Because.\"," + version + "}", "/step"},
                new String[] {"resolve", "{\"reason\":\"Because.\",\"step\":\"delivery\"," + version + "}", "/took"},
                new String[] {"extend", "{\"reason\":\"Because.\",\"by\":\"soon\"," + version + "}", "/by"},
                new String[] {"extend", "{\"reason\":\"Because.\",\"by\":\"P999999999999D\"," + version + "}", "/by"},
                new String[] {"extend", "{\"reason\":\"Because.\",\"by\":\"-PT1M\"," + version + "}", "/by"},
                new String[] {"snooze", "{\"reason\":\"Because.\",\"until\":\"never\"," + version + "}", "/until"},
                new String[] {
                    "snooze", "{\"reason\":\"Because.\",\"until\":\"+300000-01-01T00:00:00Z\"," + version + "}", "/until"
                });
        for (String[] one : bad) {
            JsonNode problem = operator.post(path + one[0], one[1], 400);
            assertThat(problem.at("/errors/0/pointer").asString()).as(one[1]).isEqualTo(one[2]);
        }
        operator.post(path + "explode", "{\"reason\":\"Because.\"," + version + "}", 404);
        operator.post("/actuator/sagas/0000000000000/retry", "{\"reason\":\"Because.\"," + version + "}", 404);
        assertThat(saga(order).get("version")).isEqualTo(saga.get("version"));
        assertThat(auditOf(saga)).isEmpty();
    }

    @Test
    void only_operators_act() throws Exception {
        JsonNode saga = saga(stuckOrder());
        assertThat(operator.asNobody()
                        .send(
                                "POST",
                                "/actuator/sagas/" + saga.get("sagaId").asString() + "/retry",
                                "{\"reason\":\"Because.\",\"expectedVersion\":4}")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void of_two_operators_at_once_one_is_granted_and_the_other_told_why() throws Exception {
        for (int round = 0; round < 3; round++) {
            String order = stuckOrder();
            JsonNode saga = saga(order);
            participants.speak(order, "delivery");
            List<HttpResponse<String>> both = atOnce(
                    () -> send(saga, "retry", ""),
                    () -> send(saga, "resolve", ",\"step\":\"delivery\",\"took\":false"));
            assertThat(both).extracting(HttpResponse::statusCode).containsExactlyInAnyOrder(200, 412);
            boolean isRetried = both.getFirst().statusCode() == 200;
            JsonNode told = json.readTree(both.get(isRetried ? 1 : 0).body());
            assertThat(told.get("currentVersion").asInt()).isGreaterThan(saga.get("version").asInt());
            awaitState(order, isRetried ? "COMPLETED" : "COMPENSATED");
            assertThat(auditOf(saga))
                    .extracting(line -> line.get("result").asString())
                    .containsExactlyInAnyOrder("GRANTED", "OUTDATED");
        }
    }

    @Test
    void a_double_click_is_done_once_and_answered_twice() throws Exception {
        String order = stuckOrder();
        JsonNode saga = saga(order);
        int sent = participants.sent(order, "delivery");
        String request = ",\"requestId\":\"" + UUID.randomUUID() + "\"";
        List<HttpResponse<String>> both =
                atOnce(() -> send(saga, "retry", request), () -> send(saga, "retry", request));
        assertThat(both).extracting(HttpResponse::statusCode).containsOnly(200);
        assertThat(both)
                .extracting(answer -> json.readTree(answer.body()).get("replayed").asBoolean())
                .containsExactlyInAnyOrder(true, false);
        assertThat(both)
                .extracting(answer -> json.readTree(answer.body()).get("version").asInt())
                .containsOnly(saga.get("version").asInt() + 1);
        await().atMost(Duration.ofSeconds(20)).until(() -> participants.sent(order, "delivery") == sent + 1);
        awaitState(order, "STUCK");
        assertThat(participants.sent(order, "delivery")).isEqualTo(sent + 1);

        assertThat(json.readTree(send(saga, "retry", request).body()).get("replayed").asBoolean())
                .as("long after")
                .isTrue();
        JsonNode other = saga(stuckOrder());
        assertThat(act(other, "retry", request, 409).get("why").asString()).contains("used for another wish");
    }

    @Test
    void an_operator_and_the_late_answer_race_and_one_of_them_wins() throws Exception {
        for (int round = 0; round < 3; round++) {
            String order = stuckOrder();
            JsonNode saga = saga(order);
            List<HttpResponse<String>> answers = atOnce(
                    () -> send(saga, "resolve", ",\"step\":\"delivery\",\"took\":true"),
                    () -> {
                        participants.reply(order, saga.get("sagaId").asString(), "delivery", "ACTION", 1);
                        return null;
                    });
            awaitState(order, "COMPLETED");
            JsonNode after = saga(order);
            boolean isGranted = answers.getFirst().statusCode() == 200;
            assertThat(answers.getFirst().statusCode()).isIn(200, 412);
            assertThat(after.get("log").valueStream()
                            .filter(line -> line.get("from") != null
                                    && line.get("from").asString().equals("STUCK"))
                            .map(line -> line.get("outcome").asString()))
                    .containsExactly(isGranted ? "RESOLVED_DONE" : "DONE");
            if (isGranted) {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> saga(order).get("staleReplies").size() == 1);
            }
            assertThat(participants.sent(order, "completion")).isEqualTo(1);
        }
    }

    @Test
    void what_much_depends_on_takes_two_persons() throws Exception {
        String order = stuckOrder(new Money(10_001, "EUR"));
        JsonNode saga = saga(order);
        assertThat(allowed(saga, "resolve").get("needsSecondPerson").asBoolean()).isTrue();
        String resolve = ",\"step\":\"delivery\",\"took\":true";

        assertThat(act(saga, "resolve", resolve, 202).get("proposed").asBoolean()).isTrue();
        assertThat(act(saga, "resolve", resolve, 403).at("/errors/0/code").asString())
                .isEqualTo("SECOND_PERSON_NEEDED");
        assertThat(saga(order).get("state").asString()).isEqualTo("STUCK");
        assertThat(auditOf(saga))
                .extracting(line -> line.get("result").asString())
                .containsExactly("PROPOSED", "SECOND_PERSON_NEEDED");
    }

    @Test
    void operators_tell_one_another_who_sees_to_a_saga() throws Exception {
        String order = stuckOrder();
        JsonNode saga = saga(order);
        String name = "ada-" + order;
        act(saga, "assign", ",\"assignee\":\"" + name + "\"", 200);
        act(saga, "note", ",\"text\":\"Carrier has an outage, ticket 4711.\"", 200);
        act(saga, "snooze", ",\"until\":\"2999-01-01T00:00:00Z\"", 200);

        JsonNode items = operator.get("/actuator/sagas?assignee=" + name).get("items");
        assertThat(items.size()).isEqualTo(1);
        assertThat(items.get(0).get("note").asString()).contains("4711");
        assertThat(items.get(0).get("snoozedUntil").asString()).startsWith("2999");
        assertThat(items.get(0).get("version")).as("the saga itself did not change").isEqualTo(saga.get("version"));
        assertThat(operator.get("/actuator/sagas?snoozed=false&orderId=" + order).get("items").size()).isZero();
        assertThat(operator.get("/actuator/sagas?snoozed=true&orderId=" + order).get("items").size()).isEqualTo(1);
    }

    @Test
    void stuck_sagas_are_found_by_what_they_have_in_common() throws Exception {
        String order = stuckOrder();
        String of = "&orderId=" + order;
        for (String filter : List.of(
                "state=STUCK",
                "state=OPEN",
                "state=STUCK&youngerThan=PT1H",
                "state=OPEN&step=delivery",
                "state=OPEN&reason=OUTCOME_UNKNOWN",
                "reason=OUTCOME_UNKNOWN",
                "step=delivery",
                "step=delivery&state=STUCK",
                "participant=delivery",
                "participant=delivery&reason=OUTCOME_UNKNOWN",
                "definition=order-fulfilment&snoozed=false",
                "q=" + order,
                "q=c-1",
                "error=none",
                "state=STUCK&error=none",
                "q=" + saga(order).get("sagaId").asString())) {
            assertThat(operator.get("/actuator/sagas?" + filter + of).get("items").size()).as(filter).isEqualTo(1);
        }
        for (String filter : List.of(
                "state=STARTED", "state=OPEN&step=payment", "reason=REFUSED", "step=payment", "participant=order", "olderThan=PT1H", "youngerThan=PT0S", "q=c-2", "traceId=4bf92f3577b34da6a3ce929d0e0e4736",
                "error=NO", "assignee=nobody", "snoozed=true", "definition=order-cancellation")) {
            assertThat(operator.get("/actuator/sagas?" + filter + of).get("items").size()).as(filter).isZero();
        }
    }

    @Test
    void pages_follow_one_another_in_both_directions() throws Exception {
        for (int i = 0; i < 3; i++) {
            stuckOrder();
        }
        for (String query : List.of("state=STUCK", "step=delivery", "definition=order-fulfilment")) {
            List<String> newest = walk(query + "&sort=newest");
            List<String> oldest = walk(query + "&sort=oldest");
            assertThat(newest).hasSizeGreaterThan(2).doesNotHaveDuplicates().isSortedAccordingTo((a, b) -> b.compareTo(a));
            assertThat(oldest).containsExactlyElementsOf(newest.reversed());
        }
    }

    @Test
    void the_audit_tells_what_was_refused_too_and_cannot_be_changed() throws Exception {
        JsonNode saga = saga(stuckOrder());
        act(saga, "compensate", "", 409);
        JsonNode line = operator.get("/actuator/sagaaudit?sagaId=" + saga.get("sagaId").asString())
                .get("items")
                .get(0);
        assertThat(line.get("result").asString()).isEqualTo("REFUSED");
        assertThat(line.get("actor").asString()).isEqualTo("operator");
        assertThat(line.get("reason").asString()).isEqualTo("Asked by phone.");
        assertThat(line.get("detail").asString()).contains("may have happened");
        assertThat(operator.get("/actuator/sagaaudit?actor=operator&action=compensate&limit=1").get("next").isNull())
                .isFalse();
        for (String change : List.of(
                "UPDATE operator_audit SET actor = 'nobody'",
                "DELETE FROM operator_audit",
                "TRUNCATE operator_audit")) {
            assertThatThrownBy(() -> jdbc.update(change)).hasStackTraceContaining("permission denied for table operator_audit");
        }
    }

    private List<String> walk(String query) throws Exception {
        List<String> seen = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonNode page = operator.get("/actuator/sagas?limit=2&" + query + cursor);
            page.get("items").forEach(item -> seen.add(item.get("sagaId").asString()));
            cursor = page.get("next").isNull() ? null : "&cursor=" + page.get("next").asString();
        }
        return seen;
    }

    /** An order whose delivery nobody answers for. A good many get stuck at once, since each takes its time for that. */
    private String stuckOrder() {
        if (stuck.isEmpty()) {
            for (int i = 0; i < STUCK_AT_ONCE; i++) {
                stuck.add(unansweredOrder(new Money(9_998, "EUR")));
            }
            stuck.forEach(order -> awaitState(order, "STUCK"));
        }
        return stuck.remove();
    }

    private String stuckOrder(Money total) {
        String order = unansweredOrder(total);
        awaitState(order, "STUCK");
        return order;
    }

    private String unansweredOrder(Money total) {
        String order = ids.nextOrderId(Instant.parse("2026-01-01T00:00:00Z")).toString();
        participants.keepSilent(order, "delivery");
        participants.request(order, total);
        return order;
    }

    private void awaitState(String order, String state) {
        await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50)).untilAsserted(() -> {
            JsonNode items = operator.get("/actuator/sagas?orderId=" + order).get("items");
            assertThat(items.size()).isEqualTo(1);
            assertThat(items.get(0).get("state").asString()).isEqualTo(state);
        });
    }

    private JsonNode saga(String order) throws Exception {
        String id = operator.get("/actuator/sagas?orderId=" + order).get("items").get(0).get("sagaId").asString();
        return operator.get("/actuator/sagas/" + id);
    }

    private static JsonNode allowed(JsonNode saga, String action) {
        return saga.get("allowedActions")
                .valueStream()
                .filter(one -> one.get("action").asString().equals(action))
                .findFirst()
                .orElseThrow();
    }

    private List<JsonNode> auditOf(JsonNode saga) throws Exception {
        return operator.get("/actuator/sagaaudit?sagaId=" + saga.get("sagaId").asString())
                .get("items")
                .valueStream()
                .toList()
                .reversed();
    }

    private static List<String> commands(JsonNode plan, String which) {
        return plan.get(which).valueStream().map(one -> one.get("command").asString()).toList();
    }

    private <T> List<T> atOnce(Callable<T> one, Callable<T> other) throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(2);
        List<Future<T>> both = new ArrayList<>();
        for (Callable<T> each : List.of(one, other)) {
            both.add(threads.submit(() -> {
                barrier.await();
                return each.call();
            }));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> each : both) {
            results.add(each.get());
        }
        return results;
    }

    private JsonNode act(JsonNode saga, String action, String more, int status) {
        return operator.read(send(saga, action, more), status);
    }

    private HttpResponse<String> send(JsonNode saga, String action, String more) {
        return operator.send(
                "POST",
                "/actuator/sagas/" + saga.get("sagaId").asString() + "/" + action,
                "{\"reason\":\"Asked by phone.\",\"expectedVersion\":" + saga.get("version").asInt() + more + "}");
    }
}
