package io.baton.messaging;

import io.baton.embedded.KafkaBroker;
import io.baton.embedded.PostgresServer;
import io.baton.embedded.PostgresServer.Database;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL and the broker of this module's tests, each started when a test first asks. They end with the JVM. */
final class Servers {

    private static @Nullable PostgresServer postgres;
    private static @Nullable KafkaBroker kafka;
    private static int databases;

    private Servers() {}

    static synchronized PostgresServer postgres() {
        PostgresServer server = postgres;
        if (server == null) {
            server = PostgresServer.startTemporary();
            postgres = server;
        }
        return server;
    }

    static synchronized KafkaBroker kafka() {
        KafkaBroker broker = kafka;
        if (broker == null) {
            broker = KafkaBroker.builder()
                    // What is dead shall be taken for dead soon: tests wait for it.
                    .setting("group.min.session.timeout.ms", "1000")
                    .start();
            kafka = broker;
        }
        return broker;
    }

    /** A database of its own for whoever asks. */
    static synchronized Database newDatabase() {
        String name = "messaging_test_" + ++databases;
        return postgres().createDatabase(name, name, "not-a-secret");
    }
}
