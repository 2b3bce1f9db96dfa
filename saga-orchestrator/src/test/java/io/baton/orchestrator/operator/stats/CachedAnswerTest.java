package io.baton.orchestrator.operator.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baton.messaging.test.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CachedAnswerTest {

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-01-01T00:00:00Z"));
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void an_answer_serves_all_who_ask_within_its_time() {
        CachedAnswer<Integer> cached = new CachedAnswer<>(asked::incrementAndGet, Duration.ofSeconds(5), clock);
        assertThat(cached.get()).isEqualTo(1);
        clock.advance(Duration.ofMillis(4_999));
        assertThat(cached.get()).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(cached.get()).isEqualTo(2);
    }

    @Test
    void what_takes_long_is_kept_longer() {
        CachedAnswer<Integer> cached = new CachedAnswer<>(
                () -> {
                    clock.advance(Duration.ofSeconds(3));
                    return asked.incrementAndGet();
                },
                Duration.ofSeconds(5),
                clock);
        cached.get();
        clock.advance(Duration.ofSeconds(59));
        assertThat(cached.get()).isEqualTo(1);
        clock.advance(Duration.ofSeconds(1));
        assertThat(cached.get()).isEqualTo(2);
    }

    @Test
    void who_asks_meanwhile_waits_for_the_same_answer() throws Exception {
        CachedAnswer<Integer> cached = new CachedAnswer<>(asked::incrementAndGet, Duration.ofSeconds(5), clock);
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(CompletableFuture.supplyAsync(cached::get));
        }
        for (CompletableFuture<Integer> answer : answers) {
            assertThat(answer.get()).isEqualTo(1);
        }
    }

    @Test
    void trouble_is_told_and_the_next_one_tries_again() {
        CachedAnswer<Integer> cached = new CachedAnswer<>(
                () -> {
                    if (asked.incrementAndGet() == 1) {
                        throw new IllegalStateException("away");
                    }
                    return asked.get();
                },
                Duration.ofSeconds(5),
                clock);
        assertThatThrownBy(cached::get).hasMessage("away");
        assertThat(cached.get()).isEqualTo(2);
    }
}
