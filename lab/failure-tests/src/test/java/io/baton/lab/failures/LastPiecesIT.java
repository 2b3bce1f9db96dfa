package io.baton.lab.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.lab.running.Logs;
import io.baton.lab.running.RunningStack;
import io.baton.lab.running.Shop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many want the last pieces: exactly as many get one as there are. */
class LastPiecesIT {

    private final RunningStack stack = RunningStack.shared();

    @Test
    void of_200_orders_at_once_for_the_last_20_pieces_exactly_20_complete_and_nothing_deadlocks() throws Exception {
        Shop shop = new Shop(stack, "last").open(21, "100000.00"); // one piece goes to the order that opens the shop
        Logs logs = Logs.fromNowOn(stack);
        List<String> orders;
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> placed = IntStream.range(0, 200)
                    .mapToObj(i -> clients.submit(() -> shop.place(shop.order(1, "DE"))))
                    .toList();
            orders = placed.stream().map(LastPiecesIT::result).toList();
        }
        orders.forEach(order -> await().atMost(Duration.ofSeconds(60)).until(() -> shop.hasEnded(order)));
        assertThat(orders.stream().filter(order -> shop.status(order).equals("COMPLETED"))).hasSize(20);
        assertThat(orders.stream()
                        .map(shop::orderById)
                        .filter(order -> order.get("status").asString().equals("CANCELLED"))
                        .map(order -> order.get("reason").get("code").asString()))
                .hasSize(180)
                .containsOnly("OUT_OF_STOCK");
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(shop.product().get("available").asLong()).isZero();
            assertThat(shop.product().get("reserved").asLong()).isZero();
            assertThat(shop.product().get("shipped").asLong()).isEqualTo(21);
        });
        assertThat(logs.linesThatContain("deadlock")).as("what PostgreSQL and the services wrote of deadlocks").isEmpty();
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
