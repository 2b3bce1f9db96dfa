package io.baton.messaging.test;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real PostgreSQL 18 and a real Kafka broker for tests, started when first asked for and shared by all tests of the
 * JVM. They end with it.
 *
 * <p>They are containers where a Docker engine answers and has the images, or gets them within a minute, and processes of
 * this machine where none does. The system
 * property {@code baton.test.infrastructure} (or the variable {@code BATON_TEST_INFRASTRUCTURE}) decides otherwise:
 * {@code auto}, {@code docker} or {@code embedded}. What was chosen is printed once.
 */
public final class TestInfrastructure {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private TestInfrastructure() {}

    /**
     * A new, empty database with a role that owns it and may do nothing outside it, as a service has in production.
     *
     * @param name a lower-case word; the database is called that with a number behind it
     * @throws IllegalArgumentException if {@code name} is not such a word
     * @throws IllegalStateException if the server refuses
     */
    public static Database newDatabase(String name) {
        if (!name.matches("[a-z][a-z_]{0,40}")) {
            throw new IllegalArgumentException("Expected a lower-case word but got " + name);
        }
        Servers servers = servers();
        String unique = name + "_" + DATABASES.incrementAndGet();
        Database database = new Database(servers.jdbcUrl(unique), unique, "test-password");
        try (Connection connection = servers.connectAsAdministrator();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + unique + " LOGIN PASSWORD '" + database.password() + "'");
            statement.execute("CREATE DATABASE " + unique + " OWNER " + unique);
            statement.execute("REVOKE ALL ON DATABASE " + unique + " FROM PUBLIC");
        } catch (SQLException e) {
            throw new IllegalStateException("The database " + unique + " could not be created", e);
        }
        return database;
    }

    /**
     * A new, empty database as a careful deployment has it: one role owns it and migrates it, another one is the
     * service's and can read and write rows, but change no table.
     *
     * @param name as {@link #newDatabase}'s
     */
    public static OwnedDatabase newOwnedDatabase(String name) {
        Database owner = newDatabase(name);
        String service = owner.user() + "_service";
        Database runtime = new Database(owner.jdbcUrl(), service, "test-password");
        try (Connection connection = servers().connectAsAdministrator();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + service + " LOGIN PASSWORD '" + runtime.password() + "'");
            statement.execute("GRANT CONNECT ON DATABASE " + owner.user() + " TO " + service);
        } catch (SQLException e) {
            throw new IllegalStateException("The role " + service + " could not be created", e);
        }
        // What the owner will make, the service may use.
        try (Connection connection = DriverManager.getConnection(owner.jdbcUrl(), owner.user(), owner.password());
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO " + service);
            statement.execute("ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO " + service);
            statement.execute("ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO " + service);
        } catch (SQLException e) {
            throw new IllegalStateException("The privileges of " + service + " could not be granted", e);
        }
        return new OwnedDatabase(owner, runtime);
    }

    /** Where the broker is, as {@code host:port}. It makes no topic by itself. */
    public static String bootstrapServers() {
        return servers().bootstrapServers();
    }

    private static Servers servers() {
        return Running.SERVERS;
    }

    private static Servers start() {
        Servers servers =
                switch (Infrastructure.requested(System.getProperties(), System.getenv())) {
                    case DOCKER -> DockerServers.start();
                    case EMBEDDED -> EmbeddedServers.start();
                    case AUTO -> DockerServers.available() ? DockerServers.start() : EmbeddedServers.start();
                };
        System.out.println("Test infrastructure: " + servers.description());
        return servers;
    }

    /** Starts the servers when first touched. */
    private static final class Running {
        private static final Servers SERVERS = start();
    }
}
