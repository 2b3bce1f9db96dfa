package io.baton.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.Tsid;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class IdsTest {

    private static final long NOW = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();

    @Test
    void ids_of_one_process_rise_even_when_more_are_made_than_a_millisecond_holds() {
        Ids ids = new Ids(5);
        long last = -1;
        for (int i = 0; i < 20_000; i++) {
            long id = ids.next(NOW);
            assertThat(id).isGreaterThan(last);
            last = id;
        }
        assertThat(Tsid.millis(last)).isEqualTo(NOW + 20_000 / 4_096);
    }

    @Test
    void ids_rise_when_the_clock_goes_back() {
        Ids ids = new Ids(5);
        long before = ids.next(NOW);
        long after = ids.next(NOW - 60_000);
        long later = ids.next(NOW - 59_000);

        assertThat(after).isGreaterThan(before);
        assertThat(later).isGreaterThan(after);
        assertThat(Tsid.millis(later)).isEqualTo(NOW);
    }

    @Test
    void an_id_tells_its_time() {
        Ids ids = new Ids(1_023);
        Instant now = Instant.ofEpochMilli(NOW);

        assertThat(Tsid.millis(ids.nextOrderId(now).value())).isEqualTo(NOW);
        assertThat(Tsid.millis(ids.nextSagaId(now).value())).isEqualTo(NOW);
    }

    @Test
    void two_nodes_never_make_the_same_id_in_the_same_millisecond() {
        Set<Long> made = new HashSet<>();
        for (long node = 0; node < 1_024; node++) {
            Ids ids = new Ids(node);
            for (int i = 0; i < 5; i++) {
                assertThat(made.add(ids.next(NOW))).isTrue();
            }
        }
    }

    @Test
    void node_numbers_wrap_around_after_1024() {
        assertThat(new Ids(1_024 + 7).next(NOW)).isEqualTo(new Ids(7).next(NOW));
        assertThat(new Ids(Long.MAX_VALUE).next(NOW)).isNotNegative();
    }

    @Test
    void threads_share_a_generator_without_making_an_id_twice() throws Exception {
        Ids ids = new Ids(5);
        Set<Long> made = ConcurrentHashMap.newKeySet();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                threads.submit(() -> {
                    for (int n = 0; n < 10_000; n++) {
                        made.add(ids.next(NOW));
                    }
                });
            }
        }
        assertThat(made).hasSize(40_000);
    }
}
