package io.baton.messaging;

import java.sql.Array;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;

/** The table of what transactions outside a consumer had to say. It is almost always almost empty. */
final class OutboxRows {

    private final JdbcOperations jdbc;

    /** A row whose sender seems to be gone. */
    record Left(long id, byte[] records) {}

    OutboxRows(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    long insert(byte[] records) {
        return Objects.requireNonNull(
                jdbc.queryForObject("INSERT INTO messaging.outbox (records) VALUES (?) RETURNING id", Long.class, records));
    }

    void delete(Collection<Long> ids) {
        jdbc.execute((ConnectionCallback<Void>) connection -> {
            Array array = connection.createArrayOf("int8", ids.toArray());
            try (var delete = connection.prepareStatement("DELETE FROM messaging.outbox WHERE id = ANY (?)")) {
                delete.setArray(1, array);
                delete.executeUpdate();
            }
            return null;
        });
    }

    /** Counts the rows; there are almost never more than a few. */
    OutboxBacklog.Backlog backlog() {
        return Objects.requireNonNull(jdbc.queryForObject(
                "SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)) * 1000, 0)::bigint "
                        + "FROM messaging.outbox",
                (row, number) -> new OutboxBacklog.Backlog(
                        row.getLong(1), Duration.ofMillis(Math.max(0, row.getLong(2))))));
    }

    /** Up to {@code limit} rows older than {@code ageMin}, oldest first, locked; without those that others hold. */
    List<Left> lockLeft(Duration ageMin, int limit) {
        return jdbc.query(
                "SELECT id, records FROM messaging.outbox WHERE created_at < now() - ? * interval '1 millisecond' "
                        + "ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED",
                (row, number) -> new Left(row.getLong(1), row.getBytes(2)),
                ageMin.toMillis(),
                limit);
    }
}
