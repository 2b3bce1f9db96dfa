package io.baton.lab.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.lab.running.Programs;
import io.baton.lab.running.RunningStack;
import io.baton.lab.running.Shop;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Processes are killed under load: every accepted order ends, the databases add up, and soon after the restart orders end
 * again.
 *
 * <p>A quick run kills all services at once, the broker and PostgreSQL, in rounds of 10 seconds; {@code -Dbaton.faults=all}
 * kills each service by itself too, and {@code -Dbaton.faults.seconds=60} makes each round longer.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultsIT {

    private static final List<String> SERVICES = List.of(
            "order-service", "payment-service", "inventory-service", "delivery-service", "saga-orchestrator");
    private static final int RATE = 50;
    private static final int SECONDS = Integer.getInteger("baton.faults.seconds", 10);

    /** What is printed should be under 15 seconds; what fails leaves room for a machine that is busy with other things. */
    private static final Duration MOVES_AGAIN = Duration.ofSeconds(60);

    private final RunningStack stack = RunningStack.shared();
    private final Programs programs = new Programs(stack);
    private final Shop shop = new Shop(stack, "faults").open(100_000, "1000000.00");

    static Stream<List<String>> killed() {
        Stream<List<String>> quick = Stream.of(SERVICES, List.of("kafka"));
        return "all".equals(System.getProperty("baton.faults"))
                ? Stream.concat(SERVICES.stream().map(List::of), quick)
                : quick;
    }

    @Order(1)
    @ParameterizedTest
    @MethodSource("killed")
    void every_order_ends_although_these_were_killed(List<String> names) throws Exception {
        round(String.join("+", names), () -> names.forEach(stack::kill), names);
    }

    @Order(2)
    @Test
    void every_order_ends_although_postgresql_stopped_at_once() throws Exception {
        // What "pg_ctl stop -m immediate" sends.
        round("postgres", () -> RunningStack.signal("QUIT", stack.pid("postgres")), List.of("postgres"));
    }

    private void round(String name, Runnable fault, List<String> killed) throws Exception {
        String label = name.length() > 40 ? "all-services" : name;
        Programs.Load load = programs.load(
                label,
                "--rate", Integer.toString(RATE), "--seconds", Integer.toString(SECONDS), "--warmup", "0", "--cards", "0.1");
        await().atMost(Duration.ofSeconds(60)).until(load::hasEndedOrders);
        List<Long> before = killed.stream().map(stack::pid).toList();
        fault.run();
        await().atMost(Duration.ofSeconds(240)).ignoreExceptions().until(() -> {
            for (int i = 0; i < killed.size(); i++) {
                if (stack.pid(killed.get(i)) == before.get(i)) {
                    return false;
                }
            }
            return stack.isReady();
        });
        long restarted = System.nanoTime();
        String order = shop.place(shop.order(1, "DE"));
        await("an order placed after the restart of " + name + " ends")
                .atMost(MOVES_AGAIN)
                .ignoreExceptions()
                .until(() -> shop.hasEnded(order));
        Duration moved = Duration.ofNanos(System.nanoTime() - restarted);
        System.out.println("killed " + name + ": orders end again " + moved.toMillis() + " ms after the restart");
        JsonNode result = load.finish();
        assertThat(result.get("orders").asLong()).isGreaterThan((long) RATE * SECONDS / 2);
        programs.check(load.history());
        System.out.println("killed " + name + ": " + result);
    }
}
