package io.baton.orchestrator.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baton.orchestrator.saga.Sample.Do;
import io.baton.orchestrator.saga.Sample.Undo;
import io.baton.orchestrator.saga.Sample.Wish;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SagaDefinitionTest {

    private static final Step<Wish> A = compensable("a");
    private static final Step<Wish> P = Step.pivot("p", Do.class, SagaDefinitionTest::act).reaches("P");
    private static final Step<Wish> R = Step.retriable("r", Do.class, SagaDefinitionTest::act).reaches("R");

    @Test
    void a_definition_in_the_right_order_is_built_and_has_the_default_patience() {
        assertThat(define(A, P, R).steps()).allMatch(step -> step.patience().equals(StepPolicy.DEFAULT));
    }

    @Test
    void a_compensable_step_after_the_pivot_is_refused() {
        refused("compensable* -> pivot -> retriable*", "'a'", P, A);
    }

    @Test
    void a_retriable_step_before_the_pivot_is_refused() {
        refused("compensable* -> pivot -> retriable*", "'r'", R, P);
    }

    @Test
    void a_definition_needs_exactly_one_pivot() {
        refused("exactly one pivot", "none", A);
        refused("exactly one pivot", "'q'", P, Step.pivot("q", Do.class, SagaDefinitionTest::act).reaches("Q"));
    }

    @Test
    void a_name_may_not_repeat() {
        refused("different names", "'a'", A, A.reaches("OTHER"), P);
    }

    @Test
    void a_state_may_not_repeat() {
        refused("different states", "'r'", P, R.reaches("P"));
    }

    @Test
    void a_compensable_step_without_compensation_is_refused() {
        refused("has a compensation", "'b'", Step.compensable("b", Do.class, SagaDefinitionTest::act).reaches("B"), P);
    }

    @Test
    void a_pivot_that_may_have_happened_is_not_turned_back() {
        refused("the pivot may have happened", "compensates on silence", P.onSilence(Reaction.COMPENSATE));
        refused("the pivot may have happened", "compensates on failure", P.onFailure(Reaction.COMPENSATE));
    }

    @Test
    void a_pivot_with_a_compensation_is_refused() {
        refused("no compensation", "'p'", P.compensation(Undo.class, (wish, why) -> new Undo(wish.key())));
    }

    @Test
    void a_given_step_after_an_action_is_refused() {
        Step<Wish> given = Step.<Wish>given("g").reaches("G").compensation(Undo.class, (wish, why) -> new Undo(1));
        refused("given steps come first", "'g'", A, given, P);
    }

    @Test
    void a_step_without_a_state_is_refused() {
        refused("reaches a state", "'q'", Step.pivot("q", Do.class, SagaDefinitionTest::act));
    }

    @Test
    void a_missing_bound_is_named() {
        assertThatThrownBy(() -> define(A, P).withBounds(Duration.ZERO, Duration.ofHours(1)))
                .hasMessageContaining("deadline");
        assertThatThrownBy(() -> define(A, P).withBounds(Duration.ofHours(1), Duration.ofSeconds(1)))
                .hasMessageContaining("command-expiry")
                .hasMessageContaining("'a'");
        assertThatThrownBy(() -> new StepPolicy(Duration.ofSeconds(1), 0, Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .hasMessageContaining("attempts");
        assertThatThrownBy(() -> new StepPolicy(Duration.ofSeconds(1), 1, Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessageContaining("backoff-cap");
    }

    @Test
    void pauses_grow_to_their_cap_and_jitter_takes_a_share_of_them() {
        StepPolicy policy = StepPolicy.DEFAULT;
        assertThat(policy.pauseAfter(1, 1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(policy.pauseAfter(4, 1)).isEqualTo(Duration.ofSeconds(8));
        assertThat(policy.pauseAfter(4, 0.25)).isEqualTo(Duration.ofSeconds(2));
        assertThat(policy.pauseAfter(999, 1)).isEqualTo(Duration.ofSeconds(30));
        assertThat(policy.pauseAfter(3, 0)).isZero();
    }

    @SafeVarargs
    private static void refused(String rule, String step, Step<Wish>... steps) {
        assertThatThrownBy(() -> define(steps))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(rule)
                .hasMessageContaining(step);
    }

    @SafeVarargs
    private static SagaDefinition<Wish> define(Step<Wish>... steps) {
        return new SagaDefinition<>(
                "sample", 1, Wish.class, Wish::key, List.of(steps), Duration.ofMinutes(10), Duration.ofHours(1));
    }

    private static Step<Wish> compensable(String name) {
        return Step.compensable(name, Do.class, SagaDefinitionTest::act)
                .reaches(name.toUpperCase())
                .compensation(Undo.class, (wish, why) -> new Undo(wish.key()));
    }

    private static Do act(Wish wish) {
        return new Do(wish.key());
    }
}
