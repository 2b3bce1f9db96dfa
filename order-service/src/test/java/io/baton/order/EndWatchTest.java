package io.baton.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.baton.contract.OrderId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EndWatchTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private volatile boolean ended;

    /** Thrown by the next look. */
    private volatile @Nullable Error trouble;

    private final Orders orders = mock(Orders.class);
    private final EndWatch ends = new EndWatch(orders, Clock.systemUTC());

    @BeforeEach
    void answer() {
        when(orders.endedAmong(any())).thenAnswer(question -> endedAmong(question.getArgument(0)));
    }

    @AfterEach
    void close() {
        ends.destroy();
    }

    @Test
    void when_too_many_wait_the_next_one_does_not_and_who_waits_hears_of_the_end() throws Exception {
        try (ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<EndedOrder>> waiting = new ArrayList<>();
            for (int i = 1; i <= EndWatch.MOST_WAITS; i++) {
                OrderId id = new OrderId(i);
                waiting.add(requests.submit(() -> end(id)));
            }
            await().until(() -> ends.waiting() == EndWatch.MOST_WAITS);

            assertThat(end(new OrderId(9_999))).as("the end for who would be one too many").isNull();

            ended = true;
            for (int i = 1; i <= EndWatch.MOST_WAITS; i++) {
                assertThat(waiting.get(i - 1).get().id()).isEqualTo(new OrderId(i));
            }
        }
        assertThat(end(new OrderId(9_999))).as("the end for who comes later").isNotNull();
    }

    /** The executor that looks drops a task that throws. */
    @Test
    void an_error_of_one_look_does_not_end_the_looking() throws Exception {
        trouble = new OutOfMemoryError("as if");
        ended = true;

        assertThat(end(new OrderId(1), Duration.ofSeconds(10))).isNotNull();
        assertThat(trouble).as("was thrown once").isNull();
    }

    private @Nullable EndedOrder end(OrderId id) throws InterruptedException {
        return end(id, LONG);
    }

    private @Nullable EndedOrder end(OrderId id, Duration atMost) throws InterruptedException {
        try (EndWatch.Watch watch = ends.watch(id)) {
            return watch.await(atMost);
        }
    }

    /** What is stored: all orders have ended, or none has. */
    private List<EndedOrder> endedAmong(Collection<OrderId> ids) {
        Error thrown = trouble;
        if (thrown != null) {
            trouble = null;
            throw thrown;
        }
        return !ended
                ? List.of()
                : ids.stream()
                        .map(id -> new EndedOrder(id, OrderStatus.COMPLETED, 2, null, null, Instant.EPOCH))
                        .toList();
    }
}
