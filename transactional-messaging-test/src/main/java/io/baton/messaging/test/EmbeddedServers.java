package io.baton.messaging.test;

import io.baton.embedded.KafkaBroker;
import io.baton.embedded.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;

/** Both servers as processes of this machine, which end with this JVM. */
final class EmbeddedServers implements Servers {

    private final PostgresServer postgres;
    private final KafkaBroker kafka;

    private EmbeddedServers(PostgresServer postgres, KafkaBroker kafka) {
        this.postgres = postgres;
        this.kafka = kafka;
    }

    static EmbeddedServers start() {
        PostgresServer postgres = PostgresServer.builder()
                // The data does not outlive the tests, so waiting for the disk would prove nothing.
                .setting("fsync", "off")
                .setting("max_connections", "300")
                .start();
        return new EmbeddedServers(postgres, KafkaBroker.startTemporary());
    }

    @Override
    public String description() {
        return "embedded (PostgreSQL and Kafka as processes of this machine)";
    }

    @Override
    public String jdbcUrl(String database) {
        return postgres.jdbcUrl(database);
    }

    @Override
    public Connection connectAsAdministrator() throws SQLException {
        return postgres.connectAsSuperuser("postgres");
    }

    @Override
    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }
}
