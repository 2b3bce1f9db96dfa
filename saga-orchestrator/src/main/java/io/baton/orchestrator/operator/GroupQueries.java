package io.baton.orchestrator.operator;

import io.baton.contract.Tsid;
import io.baton.orchestrator.execution.ReadConnections;
import io.baton.orchestrator.execution.SagaFilter;
import io.baton.orchestrator.operator.SagaGroupsEndpoint.Group;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;

/** Groups stuck sagas, by a look at the table of those alone: it costs as much as there are stuck ones. */
@Component
class GroupQueries {

    /** How many groups are found at most. */
    static final int MOST = 500;

    private final JdbcOperations jdbc;
    private final Runbook runbook;

    GroupQueries(ReadConnections connections, Runbook runbook) {
        this.jdbc = connections.jdbc();
        this.runbook = runbook;
    }

    /** What tells groups apart. */
    enum Column {
        DEFINITION("definition"),
        STEP("step"),
        REASON("code"),
        ERROR("error"),
        PARTICIPANT("participant");

        private final String column;

        Column(String column) {
            this.column = column;
        }
    }

    /** The groups with the most sagas, largest first. */
    List<Group> find(Set<Column> columns, SagaFilter filter) {
        List<Object> parameters = new ArrayList<>();
        StringBuilder select = new StringBuilder("SELECT ");
        StringBuilder by = new StringBuilder();
        for (Column column : Column.values()) {
            boolean isWanted = columns.contains(column);
            select.append(isWanted ? "k." + column.column : "NULL::text").append(" AS ").append(column.column)
                    .append(", ");
            by.append(isWanted ? (by.isEmpty() ? " GROUP BY k." : ", k.") + column.column : "");
        }
        select.append("count(*) AS count, count(*) FILTER (WHERE k.snoozed_until > now()) AS snoozed, "
                + "min(k.since) AS oldest, max(k.since) AS newest, "
                + "count(*) FILTER (WHERE k.since > now() - interval '1 hour') AS last_hour, "
                + "(array_agg(k.message ORDER BY k.since DESC))[1] AS message");
        String where = where(filter, parameters);
        parameters.add(MOST);
        return jdbc.query(
                select + where + by + " HAVING count(*) > 0 ORDER BY count DESC, oldest LIMIT ?",
                (row, number) -> read(row),
                parameters.toArray());
    }

    /** How many sagas are in all groups. */
    long count(SagaFilter filter) {
        List<Object> parameters = new ArrayList<>();
        String where = where(filter, parameters);
        return Objects.requireNonNull(
                jdbc.queryForObject("SELECT count(*)" + where, Long.class, parameters.toArray()));
    }

    private static String where(SagaFilter filter, List<Object> parameters) {
        StringBuilder where = new StringBuilder(" FROM saga_stuck k");
        if (filter.assignee() != null) {
            where.append(" JOIN saga_attention a ON a.saga_id = k.saga_id AND a.assignee = ?");
            parameters.add(filter.assignee());
        }
        if (filter.businessKey() != null) {
            where.append(" JOIN saga_data d ON d.id = k.saga_id AND d.business_key = ?");
            parameters.add(filter.businessKey());
        }
        where.append(" WHERE true");
        and(where, parameters, "k.definition = ?", filter.definition());
        and(where, parameters, "k.step = ?", filter.step());
        and(where, parameters, "k.code = ?", filter.reason());
        if (SagaFilter.NO_ERROR.equals(filter.error())) {
            where.append(" AND k.error IS NULL");
        } else {
            and(where, parameters, "k.error = ?", filter.error());
        }
        and(where, parameters, "k.participant = ?", filter.participant());
        and(
                where,
                parameters,
                "k.saga_id < ?",
                filter.startedBefore() == null
                        ? null
                        : Tsid.floor(filter.startedBefore().toEpochMilli()));
        and(
                where,
                parameters,
                "k.saga_id >= ?",
                filter.startedAfter() == null
                        ? null
                        : Tsid.floor(filter.startedAfter().toEpochMilli()));
        and(
                where,
                parameters,
                "EXISTS (SELECT FROM saga_data d WHERE d.id = k.saga_id AND d.trace_parent LIKE ?)",
                filter.traceParentLike());
        if (filter.snoozed() != null) {
            where.append(
                    filter.snoozed() ? " AND k.snoozed_until > now()" : " AND (k.snoozed_until > now()) IS NOT TRUE");
        }
        and(where, parameters, "EXISTS (SELECT FROM saga s WHERE s.id = k.saga_id AND s.paused = ?)", filter.paused());
        if (filter.state() != null && !Set.of("STUCK", SagaFilter.OPEN).contains(filter.state())) {
            where.append(" AND false");
        }
        if (filter.text() != null) {
            Long id = idOf(filter.text());
            where.append(" AND (k.search = ?");
            parameters.add(filter.text());
            if (id != null) {
                where.append(" OR k.saga_id = ? OR k.saga_id IN (SELECT id FROM saga_data WHERE business_key = ?)");
                parameters.add(id);
                parameters.add(id);
            }
            where.append(')');
        }
        return where.toString();
    }

    private static void and(StringBuilder where, List<Object> parameters, String condition, @Nullable Object value) {
        if (value != null) {
            where.append(" AND ").append(condition);
            parameters.add(value);
        }
    }

    private static @Nullable Long idOf(String text) {
        try {
            return Tsid.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private Group read(ResultSet row) throws SQLException {
        String code = row.getString("code");
        return new Group(
                row.getString("definition"),
                row.getString("step"),
                code,
                row.getString("error"),
                row.getString("participant"),
                code == null ? null : runbook.page(code),
                row.getLong("count"),
                row.getLong("snoozed"),
                row.getObject("oldest", OffsetDateTime.class).toInstant(),
                row.getObject("newest", OffsetDateTime.class).toInstant(),
                row.getLong("last_hour"),
                row.getString("message"));
    }
}
