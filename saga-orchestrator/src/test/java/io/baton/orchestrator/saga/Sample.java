package io.baton.orchestrator.saga;

import java.time.Duration;
import java.util.List;

/** A saga about nothing: a given step and two more that can be undone, a pivot and one after it. */
final class Sample {

    private Sample() {}

    record Wish(long key) {}

    record Do(long key) {}

    record Undo(long key) {}

    static final Duration TIMEOUT = Duration.ofSeconds(10);
    static final Duration DEADLINE = Duration.ofMinutes(10);

    static SagaDefinition<Wish> definition(int attempts) {
        StepPolicy policy = new StepPolicy(TIMEOUT, attempts, Duration.ofSeconds(1), Duration.ofSeconds(30));
        return new SagaDefinition<>("sample", 1, Wish.class, Wish::key, steps(policy), DEADLINE, Duration.ofHours(1));
    }

    /** The same with one step less that can be undone. */
    static SagaDefinition<Wish> small(int attempts) {
        StepPolicy policy = new StepPolicy(TIMEOUT, attempts, Duration.ofSeconds(1), Duration.ofSeconds(30));
        List<Step<Wish>> steps =
                steps(policy).stream().filter(step -> !step.name().equals("b")).toList();
        return new SagaDefinition<>("sample", 1, Wish.class, Wish::key, steps, DEADLINE, Duration.ofHours(1));
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
