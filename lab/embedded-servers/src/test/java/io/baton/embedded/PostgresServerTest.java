package io.baton.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTest {

    private static PostgresServer server;
    private static PostgresServer.Database database;

    @BeforeAll
    static void start() throws SQLException {
        server = PostgresServer.startTemporary();
        database = server.createDatabase("orders", "orders", "it's secret");
        execute("CREATE TABLE kept (id int PRIMARY KEY)");
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void is_postgresql_18_with_durable_settings() throws SQLException {
        assertThat(single("SHOW server_version_num")).startsWith("18");
        assertThat(single("SHOW fsync")).isEqualTo("on");
        assertThat(single("SHOW full_page_writes")).isEqualTo("on");
        assertThat(single("SHOW synchronous_commit")).isEqualTo("on");
    }

    @Test
    void a_wrong_password_is_refused() {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> DriverManager.getConnection(database.jdbcUrl(), database.user(), "wrong"))
                .satisfies(refusal -> assertThat(refusal.getSQLState()).isEqualTo("28P01"));
    }

    @Test
    void a_role_cannot_connect_to_another_roles_database() {
        PostgresServer.Database other = server.createDatabase("payments", "payments", "other");

        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> DriverManager.getConnection(database.jdbcUrl(), other.user(), other.password()))
                .satisfies(refusal -> assertThat(refusal.getSQLState()).isEqualTo("42501"));
    }

    @Test
    void data_survives_an_immediate_stop() throws SQLException {
        execute("INSERT INTO kept VALUES (1)");

        server.stop(PostgresServer.Mode.IMMEDIATE);
        assertThat(LocalPort.isFree(server.port())).isTrue();
        server.start();

        assertThat(single("SELECT id FROM kept WHERE id = 1")).isEqualTo("1");
    }

    @Test
    void data_survives_a_kill_with_a_session_open() throws SQLException {
        try (Connection session = connect();
                Statement statement = session.createStatement()) {
            statement.execute("INSERT INTO kept VALUES (2)");

            server.kill();
            assertThat(server.isRunning()).isFalse();
            server.start();
        }

        assertThat(single("SELECT id FROM kept WHERE id = 2")).isEqualTo("2");
    }

    @Test
    void a_kept_directory_is_found_again_and_the_role_gets_its_new_password(@TempDir Path directory)
            throws SQLException {
        try (PostgresServer first = PostgresServer.builder().directory(directory).start()) {
            first.createDatabase("orders", "orders", "old");
            try (Connection connection = DriverManager.getConnection(first.jdbcUrl("orders"), "orders", "old");
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE mine AS SELECT 42 AS answer");
            }
        }

        try (PostgresServer second = PostgresServer.builder()
                .directory(directory)
                .setting("shared_buffers", "32MB")
                .start()) {
            second.createDatabase("orders", "orders", "new");
            try (Connection connection = DriverManager.getConnection(second.jdbcUrl("orders"), "orders", "new");
                    Statement statement = connection.createStatement();
                    ResultSet row =
                            statement.executeQuery("SELECT answer || current_setting('shared_buffers') FROM mine")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("4232MB");
            }
        }
    }

    @Test
    void a_database_is_handed_over_to_an_owner_and_its_role_keeps_the_rows_only() throws SQLException {
        server.createDatabase("handed", "handed", "old");
        as("handed", "old", "CREATE SCHEMA messaging CREATE TABLE said (id int)", "CREATE TABLE mine (id int)");

        server.createDatabase("handed", "handed", "new", "of-the-owner");
        server.createDatabase("handed", "handed", "newer", "of-the-owner");

        as("handed", "newer", "INSERT INTO mine VALUES (1)", "DELETE FROM messaging.said");
        as("handed_owner", "of-the-owner", "CREATE TABLE later (id int)");
        as("handed", "newer", "UPDATE later SET id = 1");
        for (String change : List.of("DROP TABLE mine", "CREATE TABLE another (id int)", "TRUNCATE later")) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> as("handed", "newer", change))
                    .satisfies(refused -> assertThat(refused.getSQLState()).isEqualTo("42501"));
        }
    }

    private static void as(String user, String password, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl("handed"), user, password);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void a_port_that_is_taken_is_named(@TempDir Path directory) throws IOException {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThatExceptionOfType(EmbeddedServerException.class)
                    .isThrownBy(() -> PostgresServer.builder()
                            .directory(directory)
                            .port(holder.getLocalPort())
                            .start())
                    .withMessageContaining("Port " + holder.getLocalPort());
        }
    }

    @Test
    void a_server_that_cannot_start_says_what_its_log_says(@TempDir Path directory) {
        assertThatExceptionOfType(EmbeddedServerException.class)
                .isThrownBy(() -> PostgresServer.builder()
                        .directory(directory)
                        .setting("no_such_setting", "1")
                        .start())
                .withMessageContaining("unrecognized configuration parameter \"no_such_setting\"");
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String single(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
