package io.baton.orchestrator.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Lets very many sagas live through losses, duplicates, reordering, failures and silence, first with these faults and
 * then without, and checks the invariants after every event. A run is repeated by its seed:
 * {@code new SimulatedWorld(seed)}. {@code -Dbaton.simulation.schedules} sets how many there are.
 */
class SagaSimulationTest {

    private static final int FAULTY_EVENTS = 60;
    private static final int EVENTS_MAX = 2_000;

    @Test
    void the_invariants_hold_in_every_schedule() {
        int schedules = Integer.getInteger("baton.simulation.schedules", 60_000);
        Map<Phase, Integer> ends = new EnumMap<>(Phase.class);
        long events = 0;
        for (long seed = 0; seed < schedules; seed++) {
            SimulatedWorld world = new SimulatedWorld(seed);
            int happened = run(world, seed);
            events += happened;
            ends.merge(world.saga.phase(), 1, Integer::sum);
        }
        System.out.println("Simulated schedules: " + schedules + ", events: " + events + ", ends: " + ends);
        assertThat(ends.keySet())
                .as("a simulation that does not reach every end proves nothing")
                .containsExactlyInAnyOrder(Phase.COMPLETED, Phase.COMPENSATED, Phase.STUCK);
    }

    @Test
    void a_seed_always_tells_the_same_story() {
        for (long seed = 0; seed < 500; seed++) {
            SimulatedWorld one = new SimulatedWorld(seed);
            SimulatedWorld other = new SimulatedWorld(seed);
            run(one, seed);
            run(other, seed);
            assertThat(one.log).isEqualTo(other.log);
            assertThat(one.sent).isEqualTo(other.sent);
        }
    }

    private static int run(SimulatedWorld world, long seed) {
        int event = 0;
        while (event < EVENTS_MAX) {
            if (event == FAULTY_EVENTS) {
                world.stopFaults();
            }
            if (!world.step()) {
                break;
            }
            event++;
            for (Invariants.Always invariant : Invariants.ALWAYS) {
                if (!invariant.holds(world)) {
                    broken(invariant, world, seed, event);
                }
            }
        }
        for (Invariants.AtTheEnd invariant : Invariants.AT_THE_END) {
            if (!invariant.holds(world)) {
                broken(invariant, world, seed, event);
            }
        }
        return event;
    }

    private static void broken(Object invariant, SimulatedWorld world, long seed, int event) {
        StringBuilder story = new StringBuilder(invariant.getClass().getSimpleName() + " is broken with seed " + seed
                + " at event " + event + ": " + world.saga + "\n");
        world.log.forEach(entry -> story.append("  ").append(entry).append('\n'));
        fail(story.toString());
    }
}
