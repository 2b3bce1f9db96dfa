package io.baton.lab.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.SagaId;
import io.baton.lab.running.Programs;
import io.baton.lab.running.Records;
import io.baton.lab.running.RunningStack;
import io.baton.lab.running.Shop;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;

/**
 * Operators ask a system that has many sagas, of which one in a hundred is stuck, while customers place orders. Everything
 * is asked over HTTP, as the console asks it.
 *
 * <p>Runs only when it is asked for, since it wants the machine for minutes: {@code -Dbaton.scale.sagas=1000000
 * -Dbaton.scale.rate=200 -Dbaton.scale.seconds=90 -Dbaton.stack.java=} shows what operators are promised. The last of these
 * gives the stack both compilers, as it has for people. A pipeline, whose machine may be busy, asks more slowly, and asks
 * for right answers more than for quick ones ({@code -Dbaton.scale.millis}). By turns nobody asks and everything is asked,
 * for three seconds each, so that orders with and without questions are compared within one run.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfSystemProperty(named = "baton.scale.sagas", matches = "\\d+")
class OperatorsAtScaleIT {

    private static final int SAGAS = Integer.getInteger("baton.scale.sagas", 20_000);
    private static final int RATE = Integer.getInteger("baton.scale.rate", 50);
    private static final int SECONDS = Integer.getInteger("baton.scale.seconds", 18);
    private static final int LONGEST_MILLIS = Integer.getInteger("baton.scale.millis", 200);

    /**
     * So long as many orders are placed as go in, and everything is asked, before anybody counts: JVMs that have just
     * started take all of a small machine to compile, for minutes.
     */
    private static final int WARMUP = Integer.getInteger("baton.scale.warmup", 180);

    /** Then so long at the rate that is measured. */
    private static final int SETTLING = 20;

    /** It says of each of hundreds of sagas what would be sent. */
    private static final String DRY_RUN = "dry run of a bulk";

    private static final Duration TURN = Duration.ofSeconds(3);

    private static final int CONSOLES = Integer.getInteger("baton.scale.consoles", 3);

    /** Each open console asks two things every three seconds. */
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(1_500 / CONSOLES);

    private final RunningStack stack = RunningStack.shared();
    private final Shop shop = new Shop(stack, "scale").open(10, "1000.00");

    @AfterAll
    void let_the_stuck_one_go_on() {
        stack.start("inventory-service");
    }

    @Test
    void operators_are_answered_at_once_and_customers_do_not_feel_it() throws Exception {
        String completed = shop.place(shop.order(1, "DE"));
        shop.awaitEnd(completed, "COMPLETED");
        String stuck = stuckOrder();
        try (ManySagas many = new ManySagas(stack)) {
            long copies = many.fill(SAGAS, sagaId(completed), sagaId(stuck));
            stack.start("inventory-service");
            await().until(() -> operators("sagagroups").get("total").asLong() == copies);
            Map<String, Supplier<Boolean>> questions = questions(copies);
            questions.forEach((name, question) -> assertThat(question.get()).as(name).isTrue());

            Programs.Load warmup = new Programs(stack).load(
                    "warmup", "--concurrency", "256", "--seconds", Integer.toString(WARMUP));
            Asking rehearsal = new Asking(questions, Long.MAX_VALUE);
            rehearsal.until(warmup.process());
            warmup.finish();
            assertThat(rehearsal.wrong).as("questions without a right answer").isEmpty();

            Programs.Load load = new Programs(stack).load(
                    "scale", "--rate", Integer.toString(RATE), "--seconds", Integer.toString(SECONDS),
                    "--warmup", Integer.toString(SETTLING));
            await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(load.history()));
            long measured = System.currentTimeMillis() + SETTLING * 1_000L;
            Asking asking = new Asking(questions, measured);
            asking.until(load.process());
            JsonNode result = load.finish();

            System.out.printf("%,d sagas, %,d stuck, %d orders a second: %s%n", SAGAS, copies, RATE, result);
            Map<String, Double> slow = new LinkedHashMap<>();
            asking.millis.forEach((name, millis) -> {
                assertThat(millis).as("answers to '%s'; ask for longer, or from more consoles", name).isNotEmpty();
                double p95 = percentile(millis, 0.95);
                System.out.printf("%-34s %4d times, p50 %6.1f ms, p95 %6.1f ms%n", name, millis.size(),
                        percentile(millis, 0.5), p95);
                if (p95 > (name.equals(DRY_RUN) ? 3 * LONGEST_MILLIS : LONGEST_MILLIS)) {
                    slow.put(name, p95);
                }
            });
            compare(load, asking.turns, measured);
            assertThat(asking.wrong).as("questions without a right answer").isEmpty();
            assertThat(slow).as("questions that take longer than %d ms", LONGEST_MILLIS).isEmpty();
        }
        new Programs(stack).check();
    }

    /** Inventory is away, and something answers nonsense in its place. */
    private String stuckOrder() {
        stack.stop("inventory-service");
        String order = shop.place(shop.order(1, "DE"));
        shop.awaitStep(order, "inventory");
        try (KafkaProducer<byte[], byte[]> producer = Records.producer(stack)) {
            producer.send(Records.unreadableAnswer(shop.saga(order)));
        }
        await().until(() -> shop.saga(order).get("state").asString().equals("STUCK"));
        return order;
    }

    private long sagaId(String order) {
        return SagaId.parse(shop.saga(order).get("sagaId").asString()).value();
    }

    /** What the console's pages ask, each with whether its answer is right. */
    private Map<String, Supplier<Boolean>> questions(long copies) {
        int one = Math.toIntExact(copies / 2 % ManySagas.CAUSES);
        long alike = copies / ManySagas.CAUSES;
        JsonNode middle = operators("sagas?state=STUCK&limit=500");
        String next = middle.get("next").asString();
        String saga = middle.get("items").get(7).get("sagaId").asString();
        Map<String, Supplier<Boolean>> questions = new LinkedHashMap<>();
        questions.put("overview: counts and durations", () -> operators("sagastats").has("definitions"));
        questions.put("overview: definitions", () -> operators("sagadefinitions").get("definitions").size() >= 2);
        questions.put("groups", () -> operators("sagagroups").get("total").asLong() == copies);
        questions.put("groups by step and reason", () -> operators("sagagroups?by=step,reason").get("groups").size() == 1);
        questions.put("list of stuck", () -> full("sagas?state=STUCK"));
        questions.put("list of stuck, oldest first", () -> full("sagas?state=STUCK&sort=oldest"));
        questions.put("list of all", () -> full("sagas"));
        questions.put("filter: a cause", () -> operators("sagas?state=STUCK&error=MANY_" + one).get("items").size()
                == Math.min(50, alike));
        questions.put("filter: a reason and a step", () -> full(
                "sagas?state=STUCK&reason=MESSAGE_DEAD_LETTERED&step=inventory"));
        questions.put("filter: nothing is like that", () -> operators("sagas?state=STUCK&step=payment").get("items")
                .isEmpty());
        questions.put("filter: completed and old", () -> full("sagas?state=COMPLETED&olderThan=P2D"));
        questions.put("search: a customer", () -> full("sagas?q=many-7"));
        questions.put("search: a customer's stuck ones", () -> !operators("sagas?q=many-7&state=STUCK")
                .get("items").isEmpty());
        questions.put("search: a saga", () -> operators("sagas?q=" + saga).get("items").size() == 1);
        questions.put("search: nothing", () -> operators("sagas?q=nobody").get("items").isEmpty());
        questions.put("page: further on", () -> full("sagas?state=STUCK&cursor=" + next));
        questions.put("one saga", () -> operators("sagas/" + saga).has("log"));
        questions.put(DRY_RUN, () -> dryRun(one).get("count").asLong() == alike);
        return questions;
    }

    private boolean full(String path) {
        return operators(path).get("items").size() == 50;
    }

    private JsonNode operators(String path) {
        return stack.getJson(stack.managementUrl("saga-orchestrator") + "/actuator/" + path);
    }

    private JsonNode dryRun(int cause) {
        HttpResponse<String> answer = stack.operator(
                "POST",
                stack.managementUrl("saga-orchestrator") + "/actuator/sagabulk",
                "{\"action\":\"retry\",\"state\":\"STUCK\",\"error\":\"MANY_" + cause + "\",\"dryRun\":true}");
        return RunningStack.JSON.readTree(answer.body());
    }

    /** Asks everything in turn, every second turn of {@link #TURN}. */
    private static final class Asking {

        private final Map<String, Supplier<Boolean>> questions;
        private final long measured;
        private final Map<String, List<Double>> millis = new LinkedHashMap<>();
        private final List<String> wrong = new ArrayList<>();
        /** When turns in which everything is asked began and ended, in milliseconds since 1970. */
        private final List<long[]> turns = new ArrayList<>();

        /** @param measured from when on it counts how long answers take, in milliseconds since 1970 */
        Asking(Map<String, Supplier<Boolean>> questions, long measured) {
            this.questions = questions;
            this.measured = measured;
            questions.keySet().forEach(name -> millis.put(name, new ArrayList<>()));
        }

        void until(Process load) {
            List<String> names = List.copyOf(questions.keySet());
            int asked = 0;
            long began = System.nanoTime();
            while (load.isAlive()) {
                if ((System.nanoTime() - began) / TURN.toNanos() % 2 == 0) {
                    LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
                    continue;
                }
                long[] turn = {System.currentTimeMillis(), 0};
                long end = System.nanoTime() + TURN.toNanos();
                while (System.nanoTime() < end && load.isAlive()) {
                    ask(names.get(asked++ % names.size()));
                    LockSupport.parkNanos(BETWEEN_QUESTIONS.toNanos());
                }
                turn[1] = System.currentTimeMillis();
                turns.add(turn);
            }
        }

        private void ask(String name) {
            long began = System.nanoTime();
            boolean isRight = questions.get(name).get();
            if (System.currentTimeMillis() >= measured) {
                millis.get(name).add((System.nanoTime() - began) / 1e6);
            }
            if (!isRight) {
                wrong.add(name);
            }
        }
    }

    /** Prints how long orders took from request to end that were placed while nobody asked, and while everything was asked. */
    private static void compare(Programs.Load load, List<long[]> turns, long measured) throws IOException {
        List<Double> quiet = new ArrayList<>();
        List<Double> asked = new ArrayList<>();
        for (String line : Files.readAllLines(load.history())) {
            JsonNode order = RunningStack.JSON.readTree(line);
            if (order.get("op").asString().equals("POST") && !order.get("tEnd").isNull()) {
                long placed = order.get("t0").asLong();
                if (placed < measured) {
                    continue;
                }
                boolean isAsked = turns.stream().anyMatch(turn -> placed >= turn[0] && placed < turn[1]);
                (isAsked ? asked : quiet).add((double) order.get("tEnd").asLong() - placed);
            }
        }
        assertThat(quiet).isNotEmpty();
        assertThat(asked).isNotEmpty();
        for (double part : new double[] {0.5, 0.95}) {
            double without = percentile(quiet, part);
            double with = percentile(asked, part);
            System.out.printf("orders, p%.0f: %.1f ms while nobody asks (%d), %.1f ms while everything is asked (%d): "
                    + "%+.1f %%%n", part * 100, without, quiet.size(), with, asked.size(), (with / without - 1) * 100);
        }
    }

    private static double percentile(List<Double> values, double part) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(part * sorted.length) - 1)];
    }
}
