package io.baton.orchestrator.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baton.orchestrator.saga.Sample.Answer;
import io.baton.orchestrator.saga.Sample.Do;
import io.baton.orchestrator.saga.Sample.Undo;
import io.baton.orchestrator.saga.Sample.Wish;
import java.time.Duration;
import java.util.List;
import java.util.Set;
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
    void a_name_is_in_lower_case_and_not_too_long() {
        refused("a step is named by a lower-case letter", "'B'", Step.pivot("B", Do.class, SagaDefinitionTest::act).reaches("P"));
        refused("100 at most", "nnn", pivot("n".repeat(101)));
        assertThat(define(pivot("n".repeat(100))).steps()).hasSize(1);
        assertThatThrownBy(() -> named("Sample")).hasMessageContaining("a saga is named").hasMessageContaining("'Sample'");
    }

    @Test
    void a_reaction_that_would_undo_too_much_or_ask_for_nothing_is_refused() {
        refused("only silence is met with a probe", "probes on failure", A.onFailure(Reaction.PROBE), P);
        refused("only silence is met with a probe", "probes on refusal", A.onRefusal(Reaction.PROBE), P);
        refused("a refusal is for good", "'a' sends again", A.onRefusal(Reaction.RESEND), P);
        refused("a refusal is for good", "'p' sends again", P.onRefusal(Reaction.RESEND));
        refused("nothing is undone after the pivot", "'r'", P, R.onSilence(Reaction.COMPENSATE));
        refused("nothing is undone after the pivot", "'r'", P, R.onFailure(Reaction.COMPENSATE));
        refused("nothing is undone after the pivot", "'r'", P, R.onRefusal(Reaction.COMPENSATE));
        assertThat(define(A.onSilence(Reaction.PROBE), P.onSilence(Reaction.PROBE), R.onRefusal(Reaction.STUCK)).steps())
                .hasSize(3);
    }

    @Test
    void a_retriable_step_with_a_compensation_is_refused() {
        refused("no compensation", "'r'", P, R.compensation(Undo.class, (wish, why) -> new Undo(wish.key())));
    }

    @Test
    void a_given_step_keeps_no_answer() {
        Step<Wish> given = Step.<Wish>given("g").reaches("G");
        refused("no answer to keep", "'g'",
                given.compensation(Undo.class, Answer.class, (wish, why, answer) -> new Undo(wish.key())), P);
    }

    @Test
    void steps_in_parallel_are_alike_and_reach_their_state_together() {
        Step<Wish> first = silent("first");
        stagesRefused("of one kind", "'q'",
                Together.together("BOTH", first, Step.pivot("q", Do.class, SagaDefinitionTest::act)));
        stagesRefused("all given or all to be done", "'g'",
                Together.together("BOTH", first, undone(Step.<Wish>given("g"))));
        stagesRefused("reach their state together", "'a'", Together.together("BOTH", first, A));
        stagesRefused("every stage has a step", "BOTH", new Together<>("BOTH", List.of()));
    }

    @Test
    void every_part_of_a_larger_sample_is_as_it_was_said() {
        SagaDefinition<Wish> parallel = Sample.parallel(1);
        assertThat(parallel.stages()).extracting(Stage::stateReached)
                .containsExactly("STARTED", "BOTH_DONE", "P_DONE", "COMPLETED");
        assertThat(parallel.step("x")).hasValueSatisfying(x -> assertThat(x.captures()).isEqualTo(Answer.class));
        assertThat(parallel.step("s")).hasValueSatisfying(
                s -> assertThat(s.reactions().onRefusal()).isEqualTo(Reaction.STUCK));
        assertThat(parallel.dataType()).isEqualTo(Wish.class);
        assertThat(parallel.businessKey().applyAsLong(new Wish(7))).isEqualTo(7);
    }

    @Test
    void its_shape_tells_all_that_it_does_and_nothing_of_patience() {
        SagaDefinition<Wish> parallel = Sample.parallel(1);
        assertThat(parallel.shape().lines())
                .contains("stage BOTH_DONE")
                .anyMatch(line -> line.startsWith("given COMPENSABLE") && line.endsWith("RESEND, onRefusal=COMPENSATE] undoes Undo"))
                .anyMatch(line -> line.startsWith("x COMPENSABLE") && line.endsWith(" does Do undoes Undo keeps Answer"))
                .anyMatch(line -> line.startsWith("p PIVOT") && line.endsWith(" does Do"));
        assertThat(Sample.parallel(5).shape()).isEqualTo(parallel.shape());
        assertThat(Sample.small(1).shape()).isNotEqualTo(Sample.definition(1).shape());
    }

    @Test
    void nothing_is_known_of_its_data_unless_it_is_said_and_then_it_stays_known() {
        SagaDefinition<Wish> silent = define(A, P);
        assertThat(silent.facts().searchedBy().apply(new Wish(7))).isNull();
        assertThat(silent.facts().atStake().apply(new Wish(7))).isNull();
        assertThat(silent.facts().personal()).as("all of it is hidden").containsExactly("");

        Facts<Wish> facts = new Facts<>(wish -> "w-" + wish.key(), _ -> null, Set.of());
        assertThat(silent.withFacts(facts).withBounds(Duration.ofHours(2), Duration.ofHours(1)).facts())
                .isSameAs(facts);
    }

    @Test
    void a_step_is_given_another_patience_by_its_name() {
        StepPolicy patient = Sample.policy(9);
        SagaDefinition<Wish> changed = define(A, P, R).withPolicy("p", patient);
        assertThat(changed.steps()).extracting(Step::patience)
                .containsExactly(StepPolicy.DEFAULT, patient, StepPolicy.DEFAULT);
        assertThatThrownBy(() -> changed.withPolicy("q", patient)).hasMessageContaining("'q'");
    }

    @Test
    void the_shortest_wait_is_that_of_the_least_patient_step_or_the_deadline() {
        StepPolicy quick = new StepPolicy(Duration.ofSeconds(2), 1, Duration.ofSeconds(1), Duration.ofSeconds(1));
        assertThat(define(A, P, R).shortestWait()).isEqualTo(StepPolicy.DEFAULT.timeout());
        assertThat(define(A, P.policy(quick), R).shortestWait()).isEqualTo(Duration.ofSeconds(2));
        assertThat(define(A, P).withBounds(Duration.ofSeconds(1), Duration.ofHours(1)).shortestWait())
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void a_missing_bound_is_named() {
        assertThatThrownBy(() -> define(A, P).withBounds(Duration.ZERO, Duration.ofHours(1)))
                .hasMessageContaining("deadline");
        assertThatThrownBy(() -> define(A, P).withBounds(Duration.ofHours(1), StepPolicy.LONGEST.plusMillis(1)))
                .hasMessageContaining("Expected a command-expiry");
        // A command that expires while its answer is awaited could never be answered in time.
        assertThatThrownBy(() -> define(A, P).withBounds(Duration.ofHours(1), StepPolicy.DEFAULT.timeout()))
                .hasMessageContaining("command-expiry")
                .hasMessageContaining("'a'");
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

    private static SagaDefinition<Wish> named(String name) {
        return new SagaDefinition<>(
                name, 1, Wish.class, Wish::key, List.of(P), Duration.ofMinutes(10), Duration.ofHours(1));
    }

    private static void stagesRefused(String rule, String step, Stage<Wish> stage) {
        assertThatThrownBy(() -> new SagaDefinition<>(
                        "sample", 1, Wish.class, Wish::key, List.of(stage, P), Duration.ofMinutes(10), Duration.ofHours(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(rule)
                .hasMessageContaining(step);
    }

    private static Step<Wish> pivot(String name) {
        return Step.pivot(name, Do.class, SagaDefinitionTest::act).reaches("P");
    }

    private static Step<Wish> compensable(String name) {
        return silent(name).reaches(name.toUpperCase());
    }

    /** A step that can be undone and reaches no state of its own. */
    private static Step<Wish> silent(String name) {
        return undone(Step.compensable(name, Do.class, SagaDefinitionTest::act));
    }

    private static Step<Wish> undone(Step<Wish> step) {
        return step.compensation(Undo.class, (wish, why) -> new Undo(wish.key()));
    }

    private static Do act(Wish wish) {
        return new Do(wish.key());
    }
}
