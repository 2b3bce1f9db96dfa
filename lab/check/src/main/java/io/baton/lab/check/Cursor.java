package io.baton.lab.check;

import io.baton.lab.check.Databases.RowReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Rows in the order of their keys, taken one by one: several of these side by side join tables of different databases
 * without holding any of them in memory.
 */
final class Cursor<T> implements AutoCloseable {

    /** The key when there is no row left. */
    static final long END = Long.MAX_VALUE;

    /** Gives the next row, or null. */
    private interface Source<T> {
        @Nullable Entry<T> next() throws SQLException;
    }

    private record Entry<T>(long key, T row) {}

    private final Source<T> source;
    private final @Nullable Statement statement;
    private @Nullable Entry<T> head;

    private Cursor(Source<T> source, @Nullable Statement statement) throws SQLException {
        this.source = source;
        this.statement = statement;
        advance();
    }

    /** @param statement closed with this */
    static <T> Cursor<T> of(Statement statement, ResultSet rows, RowReader<T> reader) throws SQLException {
        return new Cursor<>(() -> rows.next() ? new Entry<>(rows.getLong(1), reader.read(rows)) : null, statement);
    }

    /** @param rows sorted by their keys */
    static <T> Cursor<T> of(List<T> rows, ToLongFunction<T> key) throws SQLException {
        Iterator<T> iterator = rows.iterator();
        return new Cursor<>(
                () -> {
                    if (!iterator.hasNext()) {
                        return null;
                    }
                    T row = iterator.next();
                    return new Entry<>(key.applyAsLong(row), row);
                },
                null);
    }

    /** The key of the next row; {@link #END} if there is none. */
    long key() {
        return head == null ? END : head.key();
    }

    /** The next row if it has this key, which it then has no longer; otherwise null. */
    @Nullable T take(long key) throws SQLException {
        Entry<T> entry = head;
        if (entry == null || entry.key() != key) {
            return null;
        }
        advance();
        return entry.row();
    }

    /** All next rows with this key. */
    List<T> takeAll(long key) throws SQLException {
        List<T> rows = new ArrayList<>();
        T row;
        while ((row = take(key)) != null) {
            rows.add(row);
        }
        return rows;
    }

    @Override
    public void close() throws SQLException {
        if (statement != null) {
            statement.close();
        }
    }

    private void advance() throws SQLException {
        long before = key();
        Entry<T> next = source.next();
        if (next != null && head != null && next.key() < before) {
            throw new IllegalStateException("Expected rows in the order of their keys but " + next.key() + " follows "
                    + before);
        }
        head = next;
    }
}
