package io.baton.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecurringWorkTest {

    private static final Duration SHORT = Duration.ofMillis(1);

    private final AtomicInteger turns = new AtomicInteger();
    private final RecurringWork work = new RecurringWork("tests");

    @AfterEach
    void stop() {
        work.stop();
    }

    static Stream<Runnable> failures() {
        return Stream.of(
                () -> {
                    throw new IllegalStateException("no database");
                },
                () -> {
                    throw new StackOverflowError();
                });
    }

    @ParameterizedTest
    @MethodSource("failures")
    void a_turn_that_fails_is_not_the_last_one(Runnable failure) {
        work.every(SHORT, () -> {
            if (turns.incrementAndGet() < 3) {
                failure.run();
            }
        });

        work.start();

        await().until(() -> turns.get() > 3);
    }

    @Test
    void one_turn_is_taken_before_the_start_returns_even_if_it_fails() {
        work.atOnceAndEvery(Duration.ofDays(1), () -> {
            turns.incrementAndGet();
            throw new IllegalStateException("no database yet");
        });

        work.start();

        assertThat(turns).hasValue(1);
    }

    @Test
    void turns_follow_one_another_without_a_pause_while_there_is_more() {
        work.everyWhileThereIsMore(SHORT, () -> turns.incrementAndGet() < 1_000_000).every(Duration.ofDays(1), () -> {});

        work.start();

        await().until(() -> turns.get() >= 1_000_000);
    }

    @Test
    void a_stop_ends_turns_that_would_go_on_for_ever_and_a_start_begins_anew() {
        work.everyWhileThereIsMore(SHORT, () -> {
            turns.incrementAndGet();
            return true;
        });
        work.start();
        await().until(() -> turns.get() > 0);

        work.stop();
        int when = turns.get();
        assertThat(work.isRunning()).isFalse();
        work.start();

        await().until(() -> turns.get() > when);
    }
}
