package io.baton.lab.check;

import io.baton.embedded.PostgresServer;
import io.baton.lab.check.StackDescription.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes worlds, one at a time: databases with the services' own tables, made by the services' own migrations. Each is
 * copied from a template, and only where the world before it was changed.
 */
final class Worlds {

    private static final Path ROOT = Path.of("..", "..");

    private final PostgresServer server;
    private World current;
    private boolean currentIsHealthy;

    /** @param server with none of these databases */
    Worlds(PostgresServer server) throws SQLException, IOException {
        this.server = server;
        World first = new World(server);
        for (Service service : Service.values()) {
            administer("create database " + World.name(service));
            migrate(service);
            administer("create database empty_" + World.name(service) + " template " + World.name(service));
        }
        first.fill();
        first.close();
        for (Service service : Service.values()) {
            administer("create database healthy_" + World.name(service) + " template " + World.name(service));
        }
        current = new World(server);
        currentIsHealthy = true;
    }

    /** Nothing in it. */
    World empty() throws SQLException {
        return next(false);
    }

    /** A few orders of every kind, of which all is well. */
    World healthy() throws SQLException {
        World world = next(true);
        world.remember();
        return world;
    }

    private World next(boolean healthy) throws SQLException {
        current.close();
        Set<Service> stale =
                healthy == currentIsHealthy ? current.touched() : EnumSet.allOf(Service.class);
        for (Service service : stale) {
            administer("drop database " + World.name(service) + " with (force)");
            administer("create database " + World.name(service) + " template " + (healthy ? "healthy_" : "empty_")
                    + World.name(service));
        }
        current = new World(server);
        currentIsHealthy = healthy;
        return current;
    }

    private void migrate(Service service) throws SQLException, IOException {
        try (Connection connection = server.connectAsSuperuser(World.name(service));
                Statement statement = connection.createStatement()) {
            // Flyway's own, which is there before any migration, and which the orchestrator's last one protects.
            statement.execute("create table flyway_schema_history ()");
            for (Path file : migrations(service + "/src/main/resources/db/migration")) {
                statement.execute(Files.readString(file));
            }
            statement.execute("create schema messaging");
            statement.execute("set search_path = messaging");
            for (Path file : migrations("transactional-messaging/src/main/resources/db/messaging")) {
                statement.execute(Files.readString(file));
            }
        }
    }

    private static List<Path> migrations(String directory) throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve(directory))) {
            return files.filter(file -> file.getFileName().toString().matches("V\\d+(_\\d+)?__.*\\.sql"))
                    .sorted(Comparator.comparingDouble(file -> Double.parseDouble(file.getFileName()
                            .toString()
                            .replaceAll("V(\\d+)__.*", "$1")
                            .replaceAll("V(\\d+)_(\\d+)__.*", "$1.$2"))))
                    .toList();
        }
    }

    private void administer(String sql) throws SQLException {
        PostgresServer.Database administration = server.administration();
        try (Connection connection = DriverManager.getConnection(
                        administration.jdbcUrl(), administration.user(), administration.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
