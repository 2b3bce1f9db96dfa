package io.baton.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.embedded.KafkaBroker;
import io.baton.embedded.PostgresServer;
import io.baton.embedded.PostgresServer.Database;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The database or the broker goes away, or comes back without what it had, while a participant is at work. */
class OutageIT {

    private static final int PER_SECOND = 100;

    private static Database database;
    private static Effects effects;
    private static Bus bus;
    private static Instance instance;

    @BeforeAll
    static void start() {
        database = Servers.newDatabase();
        effects = new Effects(database);
        bus = new Bus(Servers.kafka(), "outage", 3);
        instance = startInstance();
    }

    private static Instance startInstance() {
        return Instance.start(
                database,
                Servers.kafka(),
                bus.topic,
                Map.of("counting.listens", "true", "baton.messaging.batch-records-max", "50"));
    }

    @AfterAll
    static void close() {
        instance.close();
        bus.close();
    }

    @BeforeEach
    void the_instance_is_at_work() {
        List<Long> sagas = bus.count(3);
        bus.awaitReplies(sagas);
    }

    @Test
    void a_database_that_crashes_and_comes_back_under_load_costs_no_command() {
        PostgresServer postgres = Servers.postgres();
        List<Long> sagas;
        try (Load load = Load.start(bus, PER_SECOND)) {
            awaitFurther(load, 50);
            postgres.stop(PostgresServer.Mode.IMMEDIATE);
            bus.await().until(() -> instance.log().contains("could not be handled"));
            awaitFurther(load, 50);
            postgres.start();
            awaitFurther(load, 50);
            sagas = load.stop();
        }

        requireAllDone(sagas);
        assertThat(bus.deadLettersHeard()).as("an outage is no reason to put a record aside").isEmpty();
    }

    @Test
    void a_broker_that_is_killed_and_comes_back_under_load_costs_no_command() {
        KafkaBroker kafka = Servers.kafka();
        List<Long> sagas;
        try (Load load = Load.start(bus, PER_SECOND)) {
            awaitFurther(load, 50);
            kafka.kill();
            bus.await().until(() -> instance.log().contains("could not be established"));
            kafka.start();
            awaitFurther(load, 50);
            sagas = load.stop();
        }

        requireAllDone(sagas);
        assertThat(bus.deadLettersHeard()).isEmpty();
    }

    @Test
    void a_topic_that_was_deleted_and_made_anew_is_read_from_its_beginning() throws Exception {
        List<Long> before = bus.count(30);
        bus.awaitReplies(before);
        int positions = effects.positions(bus.topic);

        try (Admin admin = bus.admin()) {
            admin.deleteTopics(List.of(bus.commands())).all().get(20, TimeUnit.SECONDS);
            bus.await().until(() -> !admin.listTopics().names().get(20, TimeUnit.SECONDS).contains(bus.commands()));
        }
        bus.createTopics();
        List<Long> after = bus.count(60);

        requireAllDone(after);
        assertThat(positions).isPositive();
        effects.requireOneEach(before);
    }

    @Test
    void a_position_ahead_of_what_the_broker_has_kept_starts_over_without_a_second_effect() {
        List<Long> before = bus.count(30);
        bus.awaitReplies(before);

        // As after a broker that lost its newest records: the row says more than the topic has.
        TopicPartition lost = new TopicPartition(bus.commands(), 0);
        restart(() -> effects.jdbc().update(
                "UPDATE messaging.position SET next_offset = next_offset + 1000 "
                        + "WHERE consumer = ? AND topic = ? AND partition = ?",
                bus.topic,
                lost.topic(),
                lost.partition()));
        requireAllDone(bus.count(30));
        assertThat(instance.log()).contains("no longer has " + lost);
        assertThat(bus.repliesTo(before)).as("old commands are answered again").isGreaterThan(before.size());
        effects.requireOneEach(before);
    }

    @Test
    void records_that_the_broker_deleted_before_they_were_read_do_not_stop_the_rest() throws Exception {
        List<Long> lost;
        List<Long> kept;
        instance.pause();
        try (Admin admin = bus.admin()) {
            // The broker still answers the fetch that waits for these; those after them nobody has asked for.
            bus.count(30);
            lost = bus.count(30);
            for (int partition = 0; partition < 3; partition++) {
                admin.deleteRecords(Map.of(
                                new TopicPartition(bus.commands(), partition), RecordsToDelete.beforeOffset(-1)))
                        .all()
                        .get(20, TimeUnit.SECONDS);
            }
            kept = bus.count(30);
        } finally {
            instance.goOn();
        }

        requireAllDone(kept);
        assertThat(effects.of(lost).values()).allMatch(n -> n == 1);
        assertThat(effects.of(lost)).hasSizeLessThan(lost.size());
    }

    /** Changes the database while nobody reads, and goes on with a new instance. */
    private static void restart(Runnable change) {
        instance.stop();
        change.run();
        instance = startInstance();
    }

    private static void requireAllDone(List<Long> sagas) {
        bus.awaitReplies(sagas);
        bus.await().until(() -> effects.allHeard(sagas));
        effects.requireOneEach(sagas);
        assertThat(instance.isAlive()).isTrue();
    }

    private static void awaitFurther(Load load, int commands) {
        int target = load.sent() + commands;
        bus.await().until(() -> load.sent() >= target);
    }
}
