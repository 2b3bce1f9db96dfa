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
        clock.advance(Duration.ofMillis(10_001));
        assertThat(cached.get()).isEqualTo(2);
    }

    @Test
    void who_wants_a_fresh_one_waits_for_it() {
        CachedAnswer<Integer> cached = new CachedAnswer<>(asked::incrementAndGet, Duration.ofSeconds(5), clock);
        assertThat(cached.renewed()).isEqualTo(1);
        clock.advance(Duration.ofMillis(4_999));
        assertThat(cached.renewed()).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(cached.renewed()).isEqualTo(2);
    }

    @Test
    void who_asks_soon_after_that_is_given_the_last_answer_while_one_other_is_worked_out() {
        List<Runnable> background = new ArrayList<>();
        CachedAnswer<Integer> cached =
                new CachedAnswer<>(asked::incrementAndGet, Duration.ofSeconds(5), clock, CachedAnswer.A_TWENTIETH, background::add);
        cached.get();
        clock.advance(Duration.ofMillis(14_999));
        assertThat(cached.get()).isEqualTo(1);
        assertThat(cached.get()).isEqualTo(1);
        assertThat(background).as("one for both").hasSize(1);

        background.getFirst().run();

        assertThat(cached.get()).isEqualTo(2);
        assertThat(asked).hasValue(2);
    }

    @Test
    void trouble_in_the_background_is_told_only_once_the_answer_is_too_old() {
        CachedAnswer<Integer> cached = new CachedAnswer<>(
                () -> {
                    if (asked.incrementAndGet() > 1) {
                        throw new IllegalStateException("away");
                    }
                    return asked.get();
                },
                Duration.ofSeconds(5),
                clock,
                CachedAnswer.A_TWENTIETH,
                Runnable::run);
        cached.get();
        clock.advance(Duration.ofSeconds(14));
        assertThat(cached.get()).isEqualTo(1);
        assertThat(cached.get()).as("tried again").isEqualTo(1);
        assertThat(asked).hasValue(3);
        clock.advance(Duration.ofSeconds(1));
        assertThatThrownBy(cached::get).hasMessage("away");
    }

    @Test
    void what_takes_long_is_kept_longer() {
        CachedAnswer<Integer> cached = new CachedAnswer<>(this::takeThreeSeconds, Duration.ofSeconds(5), clock);
        cached.get();
        clock.advance(Duration.ofSeconds(59));
        assertThat(cached.get()).isEqualTo(1);
        assertThat(asked).hasValue(1);
        clock.advance(Duration.ofSeconds(121));
        assertThat(cached.get()).isEqualTo(2);
    }

    @Test
    void what_is_only_waited_for_is_not() {
        CachedAnswer<Integer> cached = new CachedAnswer<>(
                this::takeThreeSeconds, Duration.ofSeconds(5), clock, CachedAnswer.ALL_OF_IT);
        cached.get();
        clock.advance(Duration.ofSeconds(15));
        assertThat(cached.get()).isEqualTo(2);
    }

    @Test
    void what_is_kept_fresh_is_there_for_who_asks_first() {
        List<Runnable> background = new ArrayList<>();
        CachedAnswer<Integer> cached =
                new CachedAnswer<>(asked::incrementAndGet, Duration.ofSeconds(10), clock, CachedAnswer.ALL_OF_IT, background::add);
        for (int round = 1; round <= 3; round++) {
            cached.keepFresh();
            cached.keepFresh();
            assertThat(background).as("one at a time").hasSize(round);
            background.getLast().run();
            cached.keepFresh();
            assertThat(background).as("not while it is fresh").hasSize(round);
            clock.advance(Duration.ofSeconds(11));
        }
        assertThat(cached.get()).isEqualTo(3);
        assertThat(asked).as("nobody waited").hasValue(3);
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

    private int takeThreeSeconds() {
        clock.advance(Duration.ofSeconds(3));
        return asked.incrementAndGet();
    }
}
