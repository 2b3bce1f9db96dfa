package io.baton.messaging;

import java.sql.Array;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;

/** The table of what transactions outside a consumer had to say. It is almost always almost empty. */
final class OutboxRows {

    /** What is taken into memory at once, but for the last row of it. */
    static final int BYTES_MAX = 4 * 1024 * 1024;

    /** Its other messages are sent each time; but who gave the service a right that it lacked waits no longer. */
    private static final Duration REFUSED_AGAIN_AFTER = Duration.ofMinutes(5);

    private final JdbcOperations jdbc;

    private record Size(long id, int bytes) {}

    /** A row whose sender seems to be gone, or may be. */
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

    /**
     * Up to {@code limit} rows older than {@code ageMin}, oldest first, locked; without those that others hold or that
     * were refused a short while ago. Fewer if they are large: it ends with the row that makes {@link #BYTES_MAX} full.
     */
    List<Left> lockLeft(Duration ageMin, int limit) {
        List<Size> locked = jdbc.query(
                "SELECT id, octet_length(records) FROM messaging.outbox "
                        + "WHERE created_at < now() - ? * interval '1 millisecond' "
                        + "AND (refused_at IS NULL OR refused_at < now() - ? * interval '1 millisecond') "
                        + "ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED",
                (row, number) -> new Size(row.getLong(1), row.getInt(2)),
                ageMin.toMillis(),
                REFUSED_AGAIN_AFTER.toMillis(),
                limit);
        List<Long> taken = new ArrayList<>();
        long bytes = 0;
        for (Size each : locked) {
            if (bytes >= BYTES_MAX) {
                break;
            }
            taken.add(each.id);
            bytes += each.bytes;
        }
        return taken.isEmpty() ? List.of() : read(taken);
    }

    private List<Left> read(List<Long> ids) {
        return jdbc.query(
                "SELECT id, records FROM messaging.outbox WHERE id = ANY (?) ORDER BY id",
                (row, number) -> new Left(row.getLong(1), row.getBytes(2)),
                (Object) ids.toArray(Long[]::new));
    }

    /** Has a row wait a while that the broker does not take, so that it is not in the way of the others. */
    void putOff(long id) {
        jdbc.update("UPDATE messaging.outbox SET refused_at = now() WHERE id = ?", id);
    }
}
