package io.baton.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.embedded.PostgresServer.Database;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A participant's process is killed at each moment that matters, and another one goes on. Each batch of twenty commands
 * says forty messages: a reply and an event for each command.
 */
class CrashIT {

    private static final int SAGAS = 100;
    private static final int BATCH = 20;

    private static Database database;
    private static Effects effects;

    @BeforeAll
    static void create() {
        database = Servers.newDatabase();
        effects = new Effects(database);
    }

    @Test
    void a_crash_before_the_commit_leaves_no_effect_and_no_word() {
        // The second batch leaves nothing; the first one is repeated, since no batch has replaced its output.
        crash(CrashPoints.BEFORE_COMMIT, BATCH, BATCH, BATCH);
    }

    @Test
    void a_crash_between_commit_and_send_loses_no_word() {
        crash(CrashPoints.AFTER_COMMIT, 2 * BATCH, BATCH, 0);
    }

    @Test
    void a_crash_in_the_middle_of_the_send_repeats_that_batch() {
        crash(CrashPoints.MID_SEND, 2 * BATCH, BATCH + BATCH / 2, BATCH / 2);
    }

    @Test
    void a_crash_after_the_send_repeats_that_batch_without_a_second_effect() {
        crash(CrashPoints.AFTER_SEND, 2 * BATCH, 2 * BATCH, BATCH);
    }

    /** A run that is repeated must not read what the one before it left. */
    private static final AtomicInteger runs = new AtomicInteger();

    /**
     * Kills the process at its second batch.
     *
     * @param done commands that had taken effect then
     * @param answered commands that were answered then
     * @param repeated answers that the next process gives once more
     */
    private static void crash(String point, int done, int answered, int repeated) {
        try (Bus bus = new Bus(Servers.kafka(), "crash-" + point + "-" + runs.incrementAndGet(), 1)) {
            List<Long> sagas = bus.count(SAGAS);
            try (Instance first = start(bus.topic, Map.of(
                    "counting.fault.point", point, "counting.fault.hit", "2", "counting.fault.kind", "HALT"))) {
                assertThat(first.awaitExit()).isEqualTo(Fault.HALTED);
            }
            assertThat(effects.of(sagas)).hasSize(done);
            bus.awaitHeard(() -> bus.repliesTo(sagas) >= answered);
            Map<Long, Integer> committed = effects.of(sagas);
            assertThat(sagas).as("what is answered is committed").allSatisfy(saga -> assertThat(bus.repliesTo(saga))
                    .hasSizeLessThanOrEqualTo(committed.getOrDefault(saga, 0)));

            try (Instance second = start(bus.topic, Map.of())) {
                bus.awaitReplies(sagas);
                assertThat(second.isAlive()).isTrue();
            }
            bus.listen();
            effects.requireOneEach(sagas);
            assertThat(bus.repliesTo(sagas)).as("answers, repeated ones included").isEqualTo(SAGAS + repeated);
            assertThat(sagas).allSatisfy(saga -> assertThat(bus.repliesTo(saga)).containsOnly("DONE/1"));
        }
    }

    @Test
    void a_process_that_stops_in_good_order_leaves_nothing_to_repeat() {
        try (Bus bus = new Bus(Servers.kafka(), "graceful", 3)) {
            List<Long> sagas = bus.count(SAGAS);
            try (Instance first = start(bus.topic, Map.of())) {
                bus.awaitReplies(sagas);
                assertThat(effects.outputs("graceful")).isPositive();
                first.stop();
                assertThat(first.log()).doesNotContain("handed over").doesNotContain("Exception");
            }
            assertThat(effects.outputs("graceful")).isZero();

            List<Long> more = bus.count(5);
            try (Instance second = start(bus.topic, Map.of())) {
                bus.awaitReplies(more);
                assertThat(second.isAlive()).isTrue();
            }
            assertThat(bus.repliesTo(sagas)).isEqualTo(SAGAS);
            effects.requireOneEach(sagas);
        }
    }

    @Test
    void what_a_crashed_process_had_committed_to_say_is_said_by_another_instance() {
        long saga = 987_654;
        try (Bus bus = new Bus(Servers.kafka(), "last-words", 1);
                Instance survivor = start(bus.topic, Map.of())) {
            List<Long> sagas = bus.count(1);
            bus.awaitReplies(sagas);
            try (Instance dying = start(bus.topic, Map.of("counting.last-words", Long.toString(saga)))) {
                assertThat(dying.awaitExit()).isEqualTo(Fault.HALTED);
            }

            bus.awaitHeard(() -> bus.notesOf(saga) == 1);
            bus.await().until(() -> effects.outboxRows() == 0);
            assertThat(survivor.isAlive()).isTrue();
        }
    }

    private static Instance start(String topic, Map<String, String> further) {
        Map<String, String> settings = new HashMap<>(further);
        settings.put("baton.messaging.batch-records-max", Integer.toString(BATCH));
        return Instance.start(database, Servers.kafka(), topic, settings);
    }
}
