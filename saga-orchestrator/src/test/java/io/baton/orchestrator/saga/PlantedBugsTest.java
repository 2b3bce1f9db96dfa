package io.baton.orchestrator.saga;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Plants one bug after another in the machine or in the participants, and looks whether the exploration or the simulation finds it. */
class PlantedBugsTest {

    private static final Exploration.Budget SMALL = new Exploration.Budget(1, 1, 1, 0, 1, 1, 1);
    private static final Programs TURNED_BACK = Programs.with(PlantedBug.THE_PIVOT_IS_TURNED_BACK_ON_SILENCE);
    private static final int MOST_STATES = 150_000;
    private static final int MOST_SCHEDULES = 40_000;

    @Test
    void every_planted_bug_is_found() {
        Map<Enum<?>, Programs> planted = new LinkedHashMap<>();
        for (PlantedBug bug : PlantedBug.values()) {
            planted.put(bug, Programs.with(bug));
        }
        for (PlantedParticipantBug bug : PlantedParticipantBug.values()) {
            planted.put(bug, Programs.with(bug));
        }
        List<Enum<?>> missed = new ArrayList<>();
        planted.forEach((bug, programs) -> {
            Try exploration = Try.of(() -> isFoundByExploration(programs));
            Try simulation = Try.of(() -> isFoundBySimulation(programs));
            System.out.printf("%-50s exploration: %-20s simulation: %s%n", bug, exploration, simulation);
            if (!exploration.found && !simulation.found) {
                missed.add(bug);
            }
        });
        assertThat(missed).as("planted bugs that nothing finds").isEmpty();
    }

    @Test
    void without_a_bug_nothing_is_found() {
        assertThat(isFoundByExploration(Programs.AS_THEY_ARE)).isFalse();
        assertThat(isFoundBySimulation(Programs.AS_THEY_ARE)).isFalse();
    }

    @Test
    void a_schedule_that_fails_is_told_without_the_faults_that_it_does_not_need() {
        Swarm failed = LongStream.iterate(0, seed -> seed + 1)
                .mapToObj(Swarm::of)
                .filter(swarm -> swarm.failing() > 0 && swarm.sleep() > 0 && swarm.faultyEvents() > 10)
                .filter(swarm -> fails(TURNED_BACK, swarm))
                .findFirst()
                .orElseThrow();

        Swarm least = failed.shrunk(swarm -> fails(TURNED_BACK, swarm));

        assertThat(fails(TURNED_BACK, least)).isTrue();
        assertThat(least.failing()).isZero();
        assertThat(least.sleep()).isZero();
        assertThat(least.faultyEvents()).isLessThan(failed.faultyEvents());
        assertThat(Simulation.story(TURNED_BACK, failed))
                .contains("seed " + failed.seed(), least.toString(), "TimerFired");
    }

    private static boolean fails(Programs programs, Swarm swarm) {
        return new SimulatedWorld(programs, swarm, false).run() != null;
    }

    private record Try(boolean found, long millis) {

        static Try of(BooleanSupplier proof) {
            long began = System.nanoTime();
            boolean found = proof.getAsBoolean();
            return new Try(found, (System.nanoTime() - began) / 1_000_000);
        }

        @Override
        public String toString() {
            return (found ? "found in " : "not found in ") + millis + " ms";
        }
    }

    private static boolean isFoundByExploration(Programs programs) {
        return List.of(Sample.small(2), Sample.parallel(1)).stream()
                .anyMatch(definition -> new Exploration(programs, definition, 1, null, SMALL, MOST_STATES)
                                .explore()
                                .violation()
                        != null);
    }

    private static boolean isFoundBySimulation(Programs programs) {
        for (long seed = 0; seed < MOST_SCHEDULES; seed++) {
            if (fails(programs, Swarm.of(seed))) {
                return true;
            }
        }
        return false;
    }
}
