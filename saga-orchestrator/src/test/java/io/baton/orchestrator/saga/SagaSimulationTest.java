package io.baton.orchestrator.saga;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Lets very many sagas live through losses, duplicates, reordering, failures, silence, crashes and people, first with
 * these faults and then without, and checks the invariants after every event. Each schedule follows from its seed; one
 * that fails is told in its shortest form. {@code -Dbaton.simulation.schedules} sets how many there are; a million by default.
 */
class SagaSimulationTest {

    @Test
    void the_invariants_hold_in_every_schedule() throws InterruptedException {
        long schedules = Long.getLong("baton.simulation.schedules", 1_000_000);
        long began = System.nanoTime();
        Simulation.Result result = new Simulation(Programs.AS_THEY_ARE, schedules).run();
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        System.out.printf(
                "Simulated schedules: %,d with %,d events in %d s, %,d a minute, ends: %s%n",
                result.schedules(),
                result.events(),
                took.toSeconds(),
                result.schedules() * 60_000 / Math.max(1, took.toMillis()),
                result.ends());

        Swarm failed = result.failed();
        assertThat(failed)
                .as(() -> failed == null ? "" : Simulation.story(Programs.AS_THEY_ARE, failed))
                .isNull();
        assertThat(result.ends().keySet())
                .as("a simulation that does not reach every end proves nothing")
                .containsExactlyInAnyOrder(Phase.COMPLETED, Phase.COMPENSATED, Phase.STUCK);
    }
}
