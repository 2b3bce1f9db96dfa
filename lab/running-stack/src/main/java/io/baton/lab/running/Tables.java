package io.baton.lab.running;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** The tables of all services' databases, as somebody sees them who may read everything. */
public final class Tables {

    private Tables() {}

    /**
     * The number of rows of every table, by service and table; but for the consumers' positions, and for what the sweep
     * derives from sagas when it passes them.
     */
    public static Map<String, Long> rowCounts(RunningStack stack) throws SQLException {
        Map<String, Long> counts = new TreeMap<>();
        forEach(stack, (service, statement) -> {
            for (String table : strings(statement, "SELECT schemaname || '.' || tablename FROM pg_tables "
                    + "WHERE schemaname IN ('public', 'messaging') AND tablename NOT IN ('position', 'saga_total', 'saga_search')")) {
                counts.put(service + "/" + table, Long.valueOf(strings(statement, "SELECT count(*) FROM " + table)
                        .getFirst()));
            }
        });
        assertThat(counts).hasSizeGreaterThan(10);
        return counts;
    }

    /** All rows of these tables, in any database, by service and table. */
    public static Map<String, List<String>> contents(RunningStack stack, Set<String> names) throws SQLException {
        Map<String, List<String>> contents = new TreeMap<>();
        forEach(stack, (service, statement) -> {
            for (String table : strings(statement, "SELECT schemaname || '.' || tablename FROM pg_tables "
                    + "WHERE schemaname IN ('public', 'messaging')")) {
                if (names.contains(table.substring(table.indexOf('.') + 1))) {
                    contents.put(service + "/" + table, strings(statement, "SELECT t::text FROM " + table
                            + " t ORDER BY 1"));
                }
            }
        });
        return contents;
    }

    /** How far each consumer has read, by service, topic and partition. */
    public static Map<String, Long> positions(RunningStack stack) throws SQLException {
        Map<String, Long> positions = new TreeMap<>();
        forEach(stack, (service, statement) -> {
            try (ResultSet rows = statement.executeQuery(
                    "SELECT consumer, topic, partition, next_offset FROM messaging.position")) {
                while (rows.next()) {
                    positions.put(
                            service + "/" + rows.getString(1) + "/" + rows.getString(2) + "/" + rows.getInt(3),
                            rows.getLong(4));
                }
            }
        });
        return positions;
    }

    private interface Look {
        void at(String service, Statement statement) throws SQLException;
    }

    private static void forEach(RunningStack stack, Look look) throws SQLException {
        for (JsonNode process : stack.description().get("processes")) {
            JsonNode database = process.get("database");
            if (database == null || database.isNull() || process.get("name").asString().equals("postgres")) {
                continue;
            }
            try (Connection connection = DriverManager.getConnection(
                            database.get("jdbcUrl").asString(),
                            database.get("user").asString(),
                            database.get("password").asString());
                    Statement statement = connection.createStatement()) {
                look.at(process.get("name").asString(), statement);
            }
        }
    }

    private static List<String> strings(Statement statement, String query) throws SQLException {
        List<String> values = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }
}
