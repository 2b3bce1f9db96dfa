package io.baton.orchestrator.saga;

import java.time.Duration;
import java.util.List;

/** Sagas about nothing, of which everything that a definition can say is in one. */
final class Sample {

    private Sample() {}

    record Wish(long key) {}

    record Do(long key) {}

    record Undo(long key) {}

    record Answer(String text) {}

    static final Duration TIMEOUT = Duration.ofSeconds(10);
    static final Duration DEADLINE = Duration.ofMinutes(10);

    /** A given step and two more that can be undone, a pivot and one after it. */
    static SagaDefinition<Wish> definition(int attempts) {
        StepPolicy policy = policy(attempts);
        return new SagaDefinition<>("sample", 1, Wish.class, Wish::key, steps(policy), DEADLINE, Duration.ofHours(1));
    }

    /** A step that can be undone, and a pivot. */
    static SagaDefinition<Wish> least(int attempts) {
        return new SagaDefinition<>(
                "least",
                1,
                Wish.class,
                Wish::key,
                steps(policy(attempts)).stream()
                        .filter(step -> step.name().matches("[ap]"))
                        .toList(),
                DEADLINE,
                Duration.ofHours(1));
    }

    /** The same as {@link #definition} with one step less that can be undone. */
    static SagaDefinition<Wish> small(int attempts) {
        StepPolicy policy = policy(attempts);
        List<Step<Wish>> steps =
                steps(policy).stream().filter(step -> !step.name().equals("b")).toList();
        return new SagaDefinition<>("sample", 1, Wish.class, Wish::key, steps, DEADLINE, Duration.ofHours(1));
    }

    /**
     * Two steps in parallel, of which one keeps its answer and the other is impatient with failures; a pivot that is asked
     * about after silence, and so has two attempts at least; and two steps in parallel after it.
     */
    static SagaDefinition<Wish> parallel(int attempts) {
        StepPolicy policy = policy(attempts);
        List<Stage<Wish>> stages = List.of(
                undone(Step.<Wish>given("given").reaches("STARTED"), policy),
                Together.together(
                        "BOTH_DONE",
                        Step.compensable("x", Do.class, Sample::act)
                                .policy(policy)
                                .onSilence(Reaction.COMPENSATE)
                                .compensation(
                                        Undo.class, Answer.class, (wish, why, answer) -> new Undo(wish.key())),
                        undone(Step.compensable("y", Do.class, Sample::act), policy)
                                .onSilence(Reaction.STUCK)
                                .onFailure(Reaction.COMPENSATE)),
                Step.pivot("p", Do.class, Sample::act)
                        .reaches("P_DONE")
                        .policy(policy(Math.max(2, attempts)))
                        .onSilence(Reaction.PROBE),
                Together.together(
                        "COMPLETED",
                        Step.retriable("r", Do.class, Sample::act).policy(policy),
                        Step.retriable("s", Do.class, Sample::act)
                                .policy(policy)
                                .onRefusal(Reaction.STUCK)));
        return new SagaDefinition<>("parallel", 1, Wish.class, Wish::key, stages, DEADLINE, Duration.ofHours(1));
    }

    static StepPolicy policy(int attempts) {
        return new StepPolicy(TIMEOUT, attempts, Duration.ofSeconds(1), Duration.ofSeconds(30));
    }

    private static List<Step<Wish>> steps(StepPolicy policy) {
        return List.of(
                undone(Step.<Wish>given("given").reaches("STARTED"), policy),
                undone(Step.compensable("a", Do.class, Sample::act).reaches("A_DONE"), policy),
                undone(Step.compensable("b", Do.class, Sample::act).reaches("B_DONE"), policy),
                Step.pivot("p", Do.class, Sample::act).reaches("P_DONE").policy(policy),
                Step.retriable("r", Do.class, Sample::act).reaches("COMPLETED").policy(policy));
    }

    private static Step<Wish> undone(Step<Wish> step, StepPolicy policy) {
        return step.compensation(Undo.class, (wish, why) -> new Undo(wish.key())).policy(policy);
    }

    private static Do act(Wish wish) {
        return new Do(wish.key());
    }
}
