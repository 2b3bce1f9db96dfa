package io.baton.embedded;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;

/** The databases of a server, and who may do what in them. */
final class PostgresDatabases {

    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    private final PostgresServer server;

    PostgresDatabases(PostgresServer server) {
        this.server = server;
    }

    /** See {@link PostgresServer#createDatabase(String, String, String)}. */
    void create(String name, String role, String password) {
        if (!NAME.matcher(name).matches() || !NAME.matcher(role).matches()) {
            throw new IllegalArgumentException(
                    "Names of databases and roles are made of a-z, 0-9 and _: %s, %s".formatted(name, role));
        }
        String literal = "'" + password.replace("'", "''") + "'";
        try (Connection connection = server.connectAsSuperuser(PostgresServer.SUPERUSER);
                Statement statement = connection.createStatement()) {
            boolean roleExists = exists(statement, "SELECT FROM pg_roles WHERE rolname = '" + role + "'");
            statement.execute((roleExists ? "ALTER" : "CREATE") + " ROLE " + role
                    + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD " + literal);
            if (!exists(statement, "SELECT FROM pg_database WHERE datname = '" + name + "'")) {
                statement.execute("CREATE DATABASE " + name + " OWNER " + role);
            }
            statement.execute("REVOKE ALL ON DATABASE " + name + " FROM PUBLIC");
        } catch (SQLException cause) {
            throw new EmbeddedServerException(
                    "Database %s was not created: %s".formatted(name, cause.getMessage()), cause);
        }
    }

    /** See {@link PostgresServer#createDatabase(String, String, String, String)}. */
    void create(String name, String role, String password, String ownerPassword) {
        String owner = role + "_owner";
        create(name, owner, ownerPassword);
        String literal = "'" + password.replace("'", "''") + "'";
        try (Connection connection = server.connectAsSuperuser(name);
                Statement statement = connection.createStatement()) {
            boolean roleExists = exists(statement, "SELECT FROM pg_roles WHERE rolname = '" + role + "'");
            statement.execute((roleExists ? "ALTER" : "CREATE") + " ROLE " + role
                    + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD " + literal);
            boolean handOver = exists(statement, "SELECT FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba "
                    + "WHERE d.datname = '" + name + "' AND r.rolname = '" + role + "'");
            if (handOver) {
                statement.execute("REASSIGN OWNED BY " + role + " TO " + owner);
                for (String schema : List.of("public", "messaging")) {
                    if (exists(statement, "SELECT FROM pg_namespace WHERE nspname = '" + schema + "'")) {
                        statement.execute("GRANT USAGE ON SCHEMA " + schema + " TO " + role);
                        statement.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema
                                + " TO " + role);
                        statement.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA " + schema + " TO " + role);
                    }
                }
                if (exists(statement, "SELECT FROM pg_class WHERE relname = 'operator_audit'")) {
                    statement.execute("REVOKE UPDATE, DELETE ON operator_audit FROM " + role);
                }
            }
            statement.execute("GRANT CONNECT ON DATABASE " + name + " TO " + role);
            String future = "ALTER DEFAULT PRIVILEGES FOR ROLE " + owner + " GRANT ";
            statement.execute(future + "USAGE ON SCHEMAS TO " + role);
            statement.execute(future + "SELECT, INSERT, UPDATE, DELETE ON TABLES TO " + role);
            statement.execute(future + "USAGE ON SEQUENCES TO " + role);
        } catch (SQLException cause) {
            throw new EmbeddedServerException(
                    "The roles of database %s were not created: %s".formatted(name, cause.getMessage()), cause);
        }
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }
}
