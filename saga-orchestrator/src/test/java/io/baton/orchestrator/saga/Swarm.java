package io.baton.orchestrator.saga;

import io.baton.orchestrator.cancellation.OrderCancellation;
import io.baton.orchestrator.fulfilment.OrderFulfilment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a schedule is made of, drawn from its seed: the definition, and which faults there are, how often of 256 times.
 * Many are absent from any one schedule, so that each also happens without the others to hide behind.
 *
 * @param luck which throw of the dice it is; only a shrunk schedule has another than the first
 * @param faultyEvents how many things happen before the faults stop
 * @param loss a message is lost
 * @param doubling a message arrives twice
 * @param crash what a transaction had to say is said once more
 * @param failing a participant fails for a technical reason
 * @param refusing a participant says no
 * @param unreadable a reply cannot be read
 * @param impatience a timer fires although messages are under way
 * @param sleep minutes pass in which nothing is read
 * @param wishes a customer cancels
 * @param operators an operator acts
 * @param late a participant says that its answer comes later
 */
record Swarm(
        long seed,
        int definition,
        int luck,
        int faultyEvents,
        int loss,
        int doubling,
        int crash,
        int failing,
        int refusing,
        int unreadable,
        int impatience,
        int sleep,
        int wishes,
        int operators,
        int late) {

    private static final int THROWS = 200;

    /** What schedules are about. */
    static final List<SagaDefinition<?>> DEFINITIONS = List.of(
            Sample.definition(1),
            Sample.definition(3),
            Sample.parallel(1),
            Sample.parallel(2),
            with(OrderFulfilment.definition(), 2),
            with(OrderFulfilment.definition(), 4),
            with(OrderCancellation.definition(), 2),
            with(OrderCancellation.definition(), 4));

    static Swarm of(long seed) {
        Dice dice = new Dice(seed);
        return new Swarm(
                seed,
                dice.below(DEFINITIONS.size()),
                0,
                dice.below(40),
                sometimes(dice, 100),
                sometimes(dice, 100),
                sometimes(dice, 40),
                sometimes(dice, 150),
                sometimes(dice, 100),
                sometimes(dice, 20),
                sometimes(dice, 80),
                sometimes(dice, 10),
                sometimes(dice, 30),
                sometimes(dice, 60),
                sometimes(dice, 100));
    }

    /** The least of what still fails: no fault that is not needed, and no longer than needed. */
    Swarm shrunk(Predicate<Swarm> fails) {
        Swarm least = this;
        boolean smaller = true;
        while (smaller) {
            smaller = false;
            for (Swarm less : least.smaller()) {
                if (fails.test(less)) {
                    least = less;
                    smaller = true;
                    break;
                }
            }
        }
        return least;
    }

    private List<Swarm> smaller() {
        List<Swarm> smaller = new ArrayList<>();
        int[] all = {
            faultyEvents, loss, doubling, crash, failing, refusing, unreadable, impatience, sleep, wishes, operators, late
        };
        for (int i = 0; i < all.length; i++) {
            for (int value : i == 0 ? new int[] {0, all[0] / 2, Math.max(0, all[0] - 1)} : new int[] {0}) {
                if (value == all[i]) {
                    continue;
                }
                int[] v = all.clone();
                v[i] = value;
                // Without a fault everything after it comes otherwise, so it is given some throws to fail again.
                for (int thrown = luck; thrown < luck + THROWS; thrown++) {
                    smaller.add(new Swarm(
                            seed, definition, thrown, v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9],
                            v[10], v[11]));
                }
            }
        }
        return smaller;
    }

    private static int sometimes(Dice dice, int most) {
        return dice.below(2) == 0 ? 0 : 1 + dice.below(most);
    }

    private static <D extends Record> SagaDefinition<D> with(SagaDefinition<D> definition, int attempts) {
        SagaDefinition<D> patient = definition;
        for (Step<D> step : definition.steps()) {
            patient = patient.withPolicy(step.name(), Sample.policy(attempts));
        }
        return patient;
    }
}
