package io.baton.lab.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.lab.load.FakeOrderService.Behaviour;
import io.baton.lab.load.FakeOrderService.Reaction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class OrderTrafficTest {

    @TempDir
    Path directory;

    private final Tally tally = new Tally();
    private @Nullable FakeOrderService service;

    @AfterEach
    void stop() {
        if (service != null) {
            service.close();
        }
    }

    @Test
    void every_order_is_followed_to_its_end() throws Exception {
        run(request -> Reaction.ACCEPT, "--orders", "500", "--concurrency", "16");

        assertThat(tally.measuredAccepted()).isEqualTo(500);
        assertThat(tally.measuredCompleted()).isEqualTo(450);
        assertThat(tally.measuredCompensated()).isEqualTo(50);
        assertThat(tally.unexpected).hasValue(0);
        assertThat(tally.latency().p50()).isPositive();
        assertThat(history()).hasSize(500).allSatisfy(line -> {
            assertThat(line.path("type").asString()).isEqualTo("ok");
            assertThat(line.path("end").asString())
                    .isEqualTo(line.path("kind").asString().equals("FINE") ? "COMPLETED" : "CANCELLED");
        });
    }

    @Test
    void the_closed_loop_has_only_so_many_orders_in_flight() throws Exception {
        run(request -> Reaction.ACCEPT, "--orders", "300", "--concurrency", "3");

        assertThat(tally.measuredAccepted()).isEqualTo(300);
        // One is accepted again before the service has counted the end that made room for it.
        assertThat(service().mostOpen.get()).isBetween(2, 4);
    }

    @Test
    void the_open_loop_keeps_its_rate() throws Exception {
        long before = System.nanoTime();
        run(request -> Reaction.ACCEPT, "--orders", "100", "--rate", "200");

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(490));
        assertThat(tally.measuredAccepted()).isEqualTo(100);
    }

    @Test
    void an_end_that_overtakes_the_answer_is_not_lost() throws Exception {
        run(request -> Reaction.ACCEPT_AND_END_FIRST, "--orders", "50");

        assertThat(tally.measuredCompleted() + tally.measuredCompensated()).isEqualTo(50);
    }

    @Test
    void a_request_with_a_key_is_repeated_until_it_is_answered_and_is_one_order() throws Exception {
        run(
                request -> switch (request % 4) {
                    case 0 -> Reaction.ACCEPT_AND_CUT;
                    case 1 -> Reaction.ERROR;
                    default -> Reaction.ACCEPT;
                },
                "--orders", "40", "--concurrency", "8", "--idempotency-keys", "1");

        assertThat(tally.measuredAccepted()).isEqualTo(40);
        assertThat(service().idsByKey).hasSize(40);
        assertThat(tally.unanswered.get()).isEqualTo(tally.repeated.get()).isPositive();
        assertThat(history()).hasSize(40).allSatisfy(line ->
                assertThat(line.path("type").asString()).isEqualTo("ok"));
    }

    @Test
    void a_request_without_a_key_that_is_cut_off_is_not_repeated_and_its_fate_is_unknown() throws Exception {
        run(request -> request <= 5 ? Reaction.ACCEPT_AND_CUT : Reaction.ACCEPT, "--orders", "20");

        assertThat(service().requests).hasValue(20);
        assertThat(tally.measuredAccepted()).isEqualTo(15);
        assertThat(history().stream().filter(line -> line.path("type").asString().equals("info"))).hasSize(5);
    }

    @Test
    void a_rejected_request_is_a_failure_without_an_order() throws Exception {
        run(request -> request <= 3 ? Reaction.REJECT : Reaction.ACCEPT, "--orders", "10");

        assertThat(tally.rejected).hasValue(3);
        assertThat(history().stream().filter(line -> line.path("type").asString().equals("fail")))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line.path("orderId").isNull()).isTrue());
    }

    @Test
    void an_order_whose_event_does_not_come_is_asked_for_in_the_end() throws Exception {
        run(request -> request == 1 ? Reaction.ACCEPT_AND_NEVER_END : Reaction.ACCEPT, "--orders", "5");

        assertThat(tally.measuredCompleted() + tally.measuredCompensated()).isEqualTo(5);
        assertThat(tally.eventsMissing).hasValue(1);
    }

    @Test
    void a_server_that_is_away_is_waited_for() throws Exception {
        FakeOrderService gone = new FakeOrderService(request -> Reaction.ACCEPT);
        gone.close();
        LoadOptions options = options("--orders", "5", "--concurrency", "2");
        try (ClientHistory history = new ClientHistory(options.out());
                HttpLoop http = new HttpLoop(gone.uri(), options.requestTimeout())) {
            OrderTraffic traffic = traffic(options, http, history, gone);
            TrafficThread thread = new TrafficThread(traffic);
            thread.start();
            await().until(() -> tally.repeated.get() > 3);
            traffic.stopSending();
            traffic.giveUp();
            thread.finish();
        }

        assertThat(tally.accepted).hasValue(0);
        // Nothing reached a server, so nothing can have had an effect.
        assertThat(history()).hasSize(2).allSatisfy(line ->
                assertThat(line.path("type").asString()).isEqualTo("fail"));
    }

    private void run(Behaviour behaviour, String... args) throws Exception {
        FakeOrderService started = new FakeOrderService(behaviour);
        service = started;
        LoadOptions options = options(args);
        try (ClientHistory history = new ClientHistory(options.out());
                HttpLoop http = new HttpLoop(started.uri(), options.requestTimeout())) {
            OrderTraffic traffic = traffic(options, http, history, started);
            TrafficThread thread = new TrafficThread(traffic);
            thread.start();
            thread.finish();
        }
    }

    private OrderTraffic traffic(LoadOptions options, HttpLoop http, ClientHistory history, FakeOrderService to) {
        OrderMix mix = new OrderMix(options, to.uri(), "run");
        OrderTraffic traffic = new OrderTraffic(options, mix, http, tally, history, to.uri().getAuthority());
        to.tell(traffic::ended);
        traffic.startMeasuring();
        return traffic;
    }

    private LoadOptions options(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--out", directory.resolve("history.jsonl").toString(), "--request-timeout", "2"));
        return LoadOptions.parse(all.toArray(String[]::new));
    }

    private List<JsonNode> history() throws Exception {
        return Files.readAllLines(directory.resolve("history.jsonl")).stream()
                .map(line -> JsonMapper.shared().readTree(line))
                .toList();
    }

    private FakeOrderService service() {
        if (service == null) {
            throw new IllegalStateException("Expected a service");
        }
        return service;
    }
}
