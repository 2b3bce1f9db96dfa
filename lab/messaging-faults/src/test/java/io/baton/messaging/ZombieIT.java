package io.baton.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.embedded.PostgresServer.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A process stands still for longer than its session, another takes over, and then the first one wakes up. */
class ZombieIT {

    private static Database database;
    private static Effects effects;
    private static Bus bus;
    private static Instance successor;

    @BeforeAll
    static void start() {
        database = Servers.newDatabase();
        effects = new Effects(database);
        bus = new Bus(Servers.kafka(), "zombie", 4);
        successor = start(Map.of());
        bus.awaitReplies(bus.count(3));
    }

    private static Instance start(Map<String, String> further) {
        return Instance.start(database, Servers.kafka(), bus.topic, further);
    }

    @AfterAll
    static void close() {
        successor.close();
        bus.close();
    }

    @Test
    void a_process_that_stands_still_between_commit_and_send_does_no_second_effect_when_it_wakes() {
        standStill(CrashPoints.AFTER_COMMIT);
    }

    @Test
    void a_process_that_stands_still_in_its_transaction_does_not_hold_its_successor_up() {
        Duration waited = standStill(CrashPoints.BEFORE_COMMIT);

        // Session 2 s and transaction 2 s run at the same time; the rest is for a busy machine.
        assertThat(waited).isLessThan(Duration.ofSeconds(60));
    }

    /** Returns how long the commands waited that the zombie had in hand. */
    private static Duration standStill(String point) {
        try (Load load = Load.start(bus, 50);
                Instance zombie = start(Map.of(
                        "counting.fault.point", point, "counting.fault.hit", "3", "counting.fault.kind", "STOP"))) {
            bus.awaitHeard(zombie::isStopped);
            Instant stopped = Instant.now();
            int sent = load.sent();
            bus.awaitHeard(() -> load.sent() > sent + 20);
            List<Long> sagas = load.stop();

            bus.awaitReplies(sagas);
            Duration waited = Duration.between(stopped, Instant.now());
            assertThat(zombie.isStopped()).as("all this went on without it").isTrue();
            effects.requireOneEach(sagas);

            zombie.goOn();
            List<Long> more = bus.count(100);
            bus.awaitReplies(more);
            bus.awaitHeard(() -> bus.members() == 2);
            List<Long> last = bus.count(100);
            bus.awaitReplies(last);

            effects.requireOneEach(sagas);
            effects.requireOneEach(more);
            effects.requireOneEach(last);
            assertThat(sagas).allSatisfy(saga -> assertThat(bus.repliesTo(saga)).containsOnly("DONE/1"));
            assertThat(zombie.isAlive()).isTrue();
            assertThat(bus.deadLettersHeard()).isEmpty();
            return waited;
        }
    }

    @Test
    void an_instance_that_joins_and_one_that_leaves_under_load_cost_no_command_and_no_second_effect() {
        List<Long> sagas;
        try (Load load = Load.start(bus, 100)) {
            try (Instance joining = start(Map.of())) {
                bus.awaitHeard(() -> bus.members() == 2);
                int sent = load.sent();
                bus.awaitHeard(() -> load.sent() > sent + 100);
                joining.stop();
                assertThat(joining.log()).doesNotContain("handed over");
            }
            int sent = load.sent();
            bus.awaitHeard(() -> load.sent() > sent + 50);
            sagas = load.stop();
        }

        bus.awaitReplies(sagas);
        effects.requireOneEach(sagas);
        assertThat(bus.repliesTo(sagas))
                .as("whoever leaves in good order has nothing repeated")
                .isEqualTo(sagas.size());
    }
}
