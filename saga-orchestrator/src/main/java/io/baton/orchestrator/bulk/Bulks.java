package io.baton.orchestrator.bulk;

import io.baton.contract.SagaId;
import io.baton.orchestrator.bulk.Bulk.Chosen;
import io.baton.orchestrator.bulk.Bulk.Item;
import io.baton.orchestrator.bulk.Bulk.Outcome;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The tables of bulks. Every item has exactly one outcome at any time, so that the counts add up to the total. */
final class Bulks {

    private static final TypeReference<Map<String, String>> MEMBERS = new TypeReference<>() {};

    private final JdbcOperations jdbc;
    private final JsonMapper json = JsonMapper.builder().build();

    Bulks(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** Keeps what is wished, and the sagas that are meant; empty if the request was made before. */
    Optional<Long> insert(Bulk.Order order, List<Chosen> chosen, Instant now) {
        OffsetDateTime at = now.atOffset(ZoneOffset.UTC);
        List<Long> ids = jdbc.queryForList(
                "INSERT INTO saga_bulk (request_id, action, members, actor, reason, max_per_second, total, created_at, "
                        + "next_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (request_id) DO NOTHING "
                        + "RETURNING id",
                Long.class,
                order.requestId(),
                order.action(),
                json.writeValueAsString(order.members()),
                order.actor(),
                order.reason(),
                order.maxPerSecond(),
                chosen.size(),
                at,
                at);
        if (ids.isEmpty()) {
            return Optional.empty();
        }
        jdbc.update(connection -> {
            PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO saga_bulk_item (bulk_id, saga_id, version) "
                            + "SELECT ?, * FROM unnest(?::int8[], ?::int4[])");
            insert.setLong(1, ids.getFirst());
            insert.setArray(
                    2,
                    connection.createArrayOf(
                            "int8", chosen.stream().map(one -> one.sagaId().value()).toArray()));
            insert.setArray(3, connection.createArrayOf("int4", chosen.stream().map(Chosen::version).toArray()));
            return insert;
        });
        return Optional.of(ids.getFirst());
    }

    Optional<Bulk> find(long id) {
        return select("WHERE id = ?", id).stream().findFirst();
    }

    Optional<Bulk> find(UUID requestId) {
        return select("WHERE request_id = ?", requestId).stream().findFirst();
    }

    List<Bulk> newest(int limit) {
        return select("WHERE true ORDER BY id DESC LIMIT ?", limit);
    }

    Map<Outcome, Integer> counts(long id) {
        Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
        jdbc.query(
                "SELECT result, count(*) FROM saga_bulk_item WHERE bulk_id = ? GROUP BY result",
                row -> {
                    counts.put(Outcome.valueOf(row.getString(1)), row.getInt(2));
                },
                id);
        return counts;
    }

    /** Items with increasing saga id. */
    List<Item> items(long id, @Nullable Outcome outcome, long after, int limit) {
        List<Object> parameters = new ArrayList<>(List.of(id, after));
        if (outcome != null) {
            parameters.add(outcome.name());
        }
        parameters.add(limit);
        return jdbc.query(
                "SELECT i.saga_id, i.version, i.result, i.message, i.at, s.state FROM saga_bulk_item i "
                        + "LEFT JOIN saga s ON s.id = i.saga_id WHERE i.bulk_id = ? AND i.saga_id > ? "
                        + (outcome == null ? "" : "AND i.result = ? ") + "ORDER BY i.saga_id LIMIT ?",
                (row, number) -> new Item(
                        new SagaId(row.getLong("saga_id")),
                        row.getInt("version"),
                        Outcome.valueOf(row.getString("result")),
                        row.getString("message"),
                        instant(row, "at"),
                        row.getString("state")),
                parameters.toArray());
    }

    /** Takes a bulk that is to go on, so that nobody else does until {@code leaseEnd}. */
    Optional<Bulk> claim(Instant now, Instant leaseEnd) {
        return select(
                        "WHERE ended_at IS NULL AND next_at <= ? ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED",
                        now.atOffset(ZoneOffset.UTC))
                .stream()
                .findFirst()
                .map(bulk -> {
                    nextAt(bulk.id(), leaseEnd);
                    return bulk;
                });
    }

    void nextAt(long id, Instant at) {
        jdbc.update("UPDATE saga_bulk SET next_at = ? WHERE id = ?", at.atOffset(ZoneOffset.UTC), id);
    }

    /** Some sagas that are still to be done. */
    List<Chosen> pending(long id, int limit) {
        return jdbc.query(
                "SELECT saga_id, version FROM saga_bulk_item WHERE bulk_id = ? AND result = 'PENDING' "
                        + "ORDER BY saga_id LIMIT ?",
                (row, number) -> new Chosen(new SagaId(row.getLong(1)), row.getInt(2)),
                id,
                limit);
    }

    /** Locks an item that is still to be done; false if it is done, cancelled, or in somebody else's hands. */
    boolean lockPending(long id, SagaId sagaId) {
        return !jdbc.queryForList(
                        "SELECT 1 FROM saga_bulk_item WHERE bulk_id = ? AND saga_id = ? AND result = 'PENDING' "
                                + "FOR UPDATE SKIP LOCKED",
                        Integer.class,
                        id,
                        sagaId.value())
                .isEmpty();
    }

    void done(long id, SagaId sagaId, Outcome outcome, @Nullable String message, Instant now) {
        jdbc.update(
                "UPDATE saga_bulk_item SET result = ?, message = ?, at = ? WHERE bulk_id = ? AND saga_id = ? "
                        + "AND result = 'PENDING'",
                outcome.name(),
                message,
                now.atOffset(ZoneOffset.UTC),
                id,
                sagaId.value());
    }

    /** Notes the end of a bulk of which nothing is left to be done. */
    void endIfDone(long id, Instant now) {
        jdbc.update(
                "UPDATE saga_bulk SET ended_at = ? WHERE id = ? AND ended_at IS NULL AND NOT EXISTS "
                        + "(SELECT FROM saga_bulk_item WHERE bulk_id = ? AND result = 'PENDING')",
                now.atOffset(ZoneOffset.UTC),
                id,
                id);
    }

    /** Ends a bulk that runs, and leaves what is not done undone; false if it does not run. */
    boolean cancel(long id, String actor, Instant now) {
        OffsetDateTime at = now.atOffset(ZoneOffset.UTC);
        int cancelled = jdbc.update(
                "UPDATE saga_bulk SET ended_at = ?, cancelled_by = ? WHERE id = ? AND ended_at IS NULL", at, actor, id);
        if (cancelled == 0) {
            return false;
        }
        jdbc.update(
                "UPDATE saga_bulk_item SET result = 'CANCELLED', at = ? WHERE bulk_id = ? AND result = 'PENDING'",
                at,
                id);
        return true;
    }

    private List<Bulk> select(String where, Object... parameters) {
        return jdbc.query(
                "SELECT id, action, members, actor, reason, max_per_second, total, created_at, ended_at, cancelled_by "
                        + "FROM saga_bulk " + where,
                (row, number) -> new Bulk(
                        row.getLong("id"),
                        row.getString("action"),
                        json.readValue(row.getString("members"), MEMBERS),
                        row.getString("actor"),
                        row.getString("reason"),
                        row.getInt("max_per_second"),
                        row.getInt("total"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        instant(row, "ended_at"),
                        row.getString("cancelled_by")),
                parameters);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
