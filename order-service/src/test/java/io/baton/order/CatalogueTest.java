package io.baton.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.Money;
import io.baton.messaging.test.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CatalogueTest {

    private final Map<String, Money> stored = new HashMap<>();
    private final SettableClock clock = SettableClock.at(Instant.parse("2026-01-01T00:00:00Z"));
    private final AtomicInteger reads = new AtomicInteger();
    private final CountDownLatch reading = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);
    private volatile boolean gated;

    private final Catalogue catalogue = new Catalogue(
            new CataloguePrices() {
                @Override
                public Map<String, Money> find(Collection<String> skus) {
                    reads.incrementAndGet();
                    reading.countDown();
                    if (gated) {
                        waitForGate();
                    }
                    Map<String, Money> found = new HashMap<>(stored);
                    found.keySet().retainAll(skus);
                    return found;
                }

                @Override
                public void update(String sku, String name, Money price, long version) {
                    stored.put(sku, price);
                }
            },
            clock);

    @Test
    void prices_are_read_once_while_they_are_fresh() {
        stored.put("A", euro(1));

        assertThat(catalogue.prices(List.of("A"))).containsEntry("A", euro(1));
        clock.advance(Duration.ofMillis(499));
        assertThat(catalogue.prices(List.of("A"))).containsEntry("A", euro(1));

        assertThat(reads).hasValue(1);
    }

    @Test
    void a_new_price_is_seen_within_a_second() {
        stored.put("A", euro(1));
        catalogue.prices(List.of("A"));
        stored.put("A", euro(2));

        clock.advance(Duration.ofSeconds(1));

        assertThat(catalogue.prices(List.of("A"))).containsEntry("A", euro(2));
    }

    @Test
    void one_reader_refreshes_an_ageing_price() {
        stored.put("A", euro(1));
        catalogue.prices(List.of("A"));
        stored.put("A", euro(2));
        clock.advance(Duration.ofMillis(600));

        assertThat(catalogue.prices(List.of("A"))).containsEntry("A", euro(2));
        catalogue.prices(List.of("A"));

        assertThat(reads).hasValue(2);
    }

    @Test
    void a_product_that_was_unknown_a_moment_ago_is_found_at_once() {
        assertThat(catalogue.prices(List.of("A"))).isEmpty();
        stored.put("A", euro(1));

        assertThat(catalogue.prices(List.of("A"))).containsEntry("A", euro(1));
    }

    @Test
    void when_everybody_asks_for_what_nobody_has_read_few_read_it() throws Exception {
        stored.put("A", euro(1));
        gated = true;
        List<Future<Map<String, Money>>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(20)) {
            for (int i = 0; i < 20; i++) {
                answers.add(threads.submit(() -> catalogue.prices(List.of("A"))));
            }
            reading.await();
            gate.countDown();
        }

        for (Future<Map<String, Money>> answer : answers) {
            assertThat(answer.get()).containsEntry("A", euro(1));
        }
        assertThat(reads.get()).isLessThanOrEqualTo(2);
    }

    private void waitForGate() {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Money euro(long cents) {
        return new Money(cents, "EUR");
    }
}
