package io.baton.lab.check;

import io.baton.embedded.KafkaBroker;
import io.baton.embedded.PostgresServer;
import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The servers of all tests here, each started when it is first needed. They end with this JVM. */
final class Servers {

    private static @Nullable Worlds worlds;
    private static @Nullable KafkaBroker kafka;

    private Servers() {}

    static synchronized Worlds worlds() throws SQLException, IOException {
        if (worlds == null) {
            // Nothing here has to outlive a power failure.
            worlds = new Worlds(PostgresServer.builder().setting("fsync", "off").start());
        }
        return worlds;
    }

    static synchronized KafkaBroker kafka() {
        if (kafka == null) {
            kafka = KafkaBroker.startTemporary();
        }
        return kafka;
    }
}
