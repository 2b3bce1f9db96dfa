package io.baton.lab.check;

import io.baton.lab.check.StackDescription.DatabaseAddress;
import io.baton.lab.check.StackDescription.Service;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Read-only connections to all databases. Each sees one snapshot of its database, of when it was first read. */
final class Databases implements AutoCloseable {

    private static final int FETCH_SIZE = 2_000;

    /** Reads one row. */
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Takes one row. */
    interface RowConsumer {
        void accept(ResultSet row) throws SQLException;
    }

    private final Map<Service, Connection> connections = new EnumMap<>(Service.class);

    /** @throws SQLException if one of them cannot be reached; nothing is left open */
    Databases(Map<Service, DatabaseAddress> addresses) throws SQLException {
        try {
            for (Map.Entry<Service, DatabaseAddress> entry : addresses.entrySet()) {
                DatabaseAddress address = entry.getValue();
                Connection connection =
                        DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
                connections.put(entry.getKey(), connection);
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                connection.setReadOnly(true);
                // Rows come in portions only inside a transaction.
                connection.setAutoCommit(false);
            }
        } catch (SQLException e) {
            close();
            throw e;
        }
    }

    /** The rows in the order of their first column, a number, which is their key. */
    <T> Cursor<T> cursor(Service service, String sql, RowReader<T> reader) throws SQLException {
        Statement statement = connection(service).createStatement();
        statement.setFetchSize(FETCH_SIZE);
        return Cursor.of(statement, statement.executeQuery(sql), reader);
    }

    /** Every row, one after the other. */
    void forEach(Service service, String sql, RowConsumer consumer) throws SQLException {
        try (Statement statement = connection(service).createStatement()) {
            statement.setFetchSize(FETCH_SIZE);
            try (ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    consumer.accept(rows);
                }
            }
        }
    }

    /** The rows for a list of values, which is the query's one parameter. For few values and rows. */
    <T> List<T> list(Service service, String sql, String elementType, List<?> values, RowReader<T> reader)
            throws SQLException {
        Connection connection = connection(service);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf(elementType, values.toArray()));
            List<T> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(reader.read(rows));
                }
            }
            return found;
        }
    }

    /** The first column of the only row. */
    long number(Service service, String sql) throws SQLException {
        try (Statement statement = connection(service).createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : connections.values()) {
            connection.close();
        }
    }

    private Connection connection(Service service) {
        Connection connection = connections.get(service);
        if (connection == null) {
            throw new IllegalStateException("Expected a database of " + service);
        }
        return connection;
    }
}
