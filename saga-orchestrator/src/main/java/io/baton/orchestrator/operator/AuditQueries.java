package io.baton.orchestrator.operator;

import io.baton.contract.SagaId;
import io.baton.orchestrator.execution.ReadConnections;
import io.baton.orchestrator.operator.SagaView.AuditView;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;

/** Reads what operators tried. Every query is bounded. */
@Component
class AuditQueries {

    /** How many lines are looked at for one page, most. */
    private static final int SCAN = 20_000;

    private static final String FROM = "SELECT id, at, actor, action, saga_id, step, reason, request_id, result, detail, "
            + "version_before, version_after, bulk_id FROM operator_audit ";

    private final JdbcOperations jdbc;

    AuditQueries(ReadConnections connections) {
        this.jdbc = connections.jdbc();
    }

    /** Which lines are meant; what is null does not matter. */
    record Filter(
            @Nullable Long sagaId, @Nullable String actor, @Nullable String action, @Nullable Instant since) {}

    /** @param next more may be found below this id; null if there are none */
    record Found(List<AuditView> lines, @Nullable Long next) {}

    /** A saga's lines, oldest first; the newest {@code limit} of them. */
    List<AuditView> ofSaga(long sagaId, int limit) {
        return page(new Filter(sagaId, null, null, null), null, limit).lines().reversed();
    }

    /** The newest lines. */
    Found page(Filter filter, @Nullable Long below, int limit) {
        List<Object> parameters = new ArrayList<>();
        StringBuilder where = new StringBuilder("WHERE true");
        and(where, parameters, " AND saga_id = ?", filter.sagaId());
        and(where, parameters, " AND actor = ?", filter.actor());
        and(where, parameters, " AND id < ?", below);
        boolean isIndexed = filter.sagaId() != null || filter.actor() != null;
        Long until = null;
        if (!isIndexed && filter.action() != null) {
            until = boundary(below);
            and(where, parameters, " AND id >= ?", until);
        }
        and(where, parameters, " AND action = ?", filter.action());
        and(where, parameters, " AND at >= ?", filter.since() == null ? null : filter.since().atOffset(ZoneOffset.UTC));
        parameters.add(limit);
        List<Long> ids = new ArrayList<>();
        List<AuditView> lines = jdbc.query(
                FROM + where + " ORDER BY id DESC LIMIT ?",
                (row, number) -> {
                    ids.add(row.getLong("id"));
                    return view(row);
                },
                parameters.toArray());
        return new Found(lines, lines.size() == limit ? ids.getLast() : until);
    }

    private @Nullable Long boundary(@Nullable Long below) {
        return jdbc
                .queryForList(
                        "SELECT id FROM operator_audit WHERE id < ? ORDER BY id DESC OFFSET " + (SCAN - 1) + " LIMIT 1",
                        Long.class,
                        below == null ? Long.MAX_VALUE : below)
                .stream()
                .findFirst()
                .orElse(null);
    }

    private static void and(StringBuilder where, List<Object> parameters, String condition, @Nullable Object value) {
        if (value != null) {
            where.append(condition);
            parameters.add(value);
        }
    }

    private static AuditView view(ResultSet row) throws SQLException {
        Long sagaId = row.getObject("saga_id", Long.class);
        return new AuditView(
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("actor"),
                row.getString("action"),
                sagaId == null ? null : new SagaId(sagaId).toString(),
                row.getString("step"),
                row.getString("reason"),
                row.getObject("request_id", UUID.class).toString(),
                row.getString("result"),
                row.getString("detail"),
                row.getObject("version_before", Integer.class),
                row.getObject("version_after", Integer.class),
                row.getString("bulk_id"));
    }
}
