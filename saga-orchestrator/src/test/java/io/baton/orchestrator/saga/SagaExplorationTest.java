package io.baton.orchestrator.saga;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.orchestrator.saga.Exploration.Budget;
import io.baton.orchestrator.saga.Exploration.Findings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Visits every state of small worlds. Together they have more than a million; {@code -Dbaton.exploration=all} makes them
 * larger, which takes several minutes and some gigabytes.
 */
class SagaExplorationTest {

    private static final boolean ALL = "all".equals(System.getProperty("baton.exploration"));
    private static final int MOST_STATES = 100_000_000;

    @Test
    void a_saga_survives_two_of_each_fault_and_an_operator() {
        Findings found = explore(
                "two duplicates, losses, timeouts and crashes, one operator's action",
                ALL ? Sample.small(1) : Sample.least(1),
                1,
                null,
                new Budget(2, 2, 2, 2, 1, 0, 0));

        assertThat(found.states()).isGreaterThan(1_000_000);
        assertThat(found.ends()).containsOnlyKeys("COMPLETED", "COMPENSATED", "STUCK");
    }

    @Test
    void a_saga_of_more_steps_and_attempts_survives_one_of_each_fault_a_customer_and_an_operator() {
        Findings found = explore(
                "one of each, and a cancellation", Sample.small(2), 1, null, new Budget(1, 1, 1, 1, 1, 1, 0));

        assertThat(found.states()).isGreaterThan(1_000_000);
        assertThat(found.ends()).containsOnlyKeys("COMPLETED", "COMPENSATED", "STUCK");
    }

    @Test
    void steps_in_parallel_survive_faults_a_customer_and_an_operator() {
        Findings found = explore("in parallel", Sample.parallel(1), 1, null, new Budget(1, 0, 1, 0, 1, 1, 0));

        assertThat(found.ends()).containsOnlyKeys("COMPLETED", "COMPENSATED", "STUCK");
    }

    @Test
    void a_saga_survives_answers_that_come_much_later() {
        Findings found = explore(
                "answers that come later", Sample.small(2), 1, null, new Budget(1, 1, 1, 1, 1, 0, 1));

        assertThat(found.ends()).containsOnlyKeys("COMPLETED", "COMPENSATED", "STUCK");
    }

    @Test
    void of_two_sagas_that_want_the_last_unit_only_one_gets_it() {
        Findings found = explore("two sagas, one unit", Sample.small(1), 2, "a", new Budget(1, 0, 1, 0, 1, 0, 0));

        assertThat(found.ends())
                .containsKeys("COMPLETED and COMPENSATED", "COMPENSATED and COMPLETED", "COMPENSATED and COMPENSATED")
                .doesNotContainKey("COMPLETED and COMPLETED");
    }

    private static Findings explore(
            String what, SagaDefinition<?> definition, int sagas, @Nullable String scarceStep, Budget budget) {
        long began = System.nanoTime();
        Findings found =
                new Exploration(Programs.AS_THEY_ARE, definition, sagas, scarceStep, budget, MOST_STATES).explore();
        System.out.printf(
                "Explored (%s): %,d states, %,d moves, %d states of a saga, in %d s, ends: %s%n",
                what,
                found.states(),
                found.moves(),
                found.sagaStates(),
                Duration.ofNanos(System.nanoTime() - began).toSeconds(),
                found.ends());
        assertThat(found.violation()).as("what is broken, and the way there").isNull();
        assertThat(found.complete()).as("every state was visited").isTrue();
        return found;
    }
}
