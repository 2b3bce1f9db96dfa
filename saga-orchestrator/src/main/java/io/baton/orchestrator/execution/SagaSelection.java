package io.baton.orchestrator.execution;

import io.baton.contract.Tsid;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The query for a page of sagas. It begins where there are fewest: at the stuck ones, at those that somebody sees to, at
 * those that can be moving, at what is searched for; only where nothing narrows them, at all of them, of which it looks
 * at a bounded number.
 */
final class SagaSelection {

    /** A saga moves if the sweep has not met it ended, or if it has a timer and is not stuck. */
    private static final String MOVING = "SELECT id FROM saga WHERE id >= (SELECT swept_to FROM saga_sweep) AND phase IN "
            + "(0, 1)%s UNION SELECT saga_id FROM saga_timer t WHERE NOT EXISTS (SELECT FROM saga_stuck "
            + "WHERE saga_stuck.saga_id = t.saga_id)%s";

    /** The sweep passes sagas within seconds, but for as long as some transaction is open in the database. */
    private static final int NOT_SWEPT_MAX = 20_000;

    private final StringBuilder sql = new StringBuilder();
    private final List<@Nullable Object> parameters = new ArrayList<>();
    private final boolean oldestFirst;
    private final @Nullable Long after;
    private final @Nullable Long until;

    /**
     * @param after the id that the page begins behind; null for the first page
     * @param until the last id that is looked at; null for no bound
     */
    SagaSelection(
            String columns,
            SagaFilter filter,
            boolean oldestFirst,
            @Nullable Long after,
            @Nullable Long until,
            int limit) {
        this.oldestFirst = oldestFirst;
        this.after = after;
        this.until = until;
        sql.append("SELECT ").append(columns);
        from(filter);
        where(filter);
        sql.append(" ORDER BY s.id").append(oldestFirst ? "" : " DESC").append(" LIMIT ?");
        parameters.add(limit);
    }

    String sql() {
        return sql.toString();
    }

    List<@Nullable Object> parameters() {
        return parameters;
    }

    /** Whether nothing narrows the sagas but what they are looked at for. */
    static boolean looksAtAll(SagaFilter filter) {
        return !filter.isOfOpen() && filter.assignee() == null && filter.businessKey() == null && filter.text() == null;
    }

    private void from(SagaFilter filter) {
        String attention = " LEFT JOIN saga_attention a ON a.saga_id = s.id";
        if (filter.isOfStuck()) {
            sql.append(" FROM saga_stuck k JOIN saga s ON s.id = k.saga_id JOIN saga_data d ON d.id = k.saga_id")
                    .append(attention)
                    .append(" WHERE true");
            bound("k.saga_id");
            return;
        }
        sql.append(" FROM saga s JOIN saga_data d ON d.id = s.id LEFT JOIN saga_stuck k ON k.saga_id = s.id");
        if (filter.assignee() != null) {
            sql.append(" JOIN saga_attention a ON a.saga_id = s.id WHERE true");
            bound("a.saga_id");
        } else {
            sql.append(attention).append(" WHERE true");
            bound("s.id");
            // The planner does not see by itself that both tables are bounded alike.
            bound("d.id");
        }
        if (filter.isOfOpen() && filter.businessKey() == null && filter.text() == null) {
            String[] bounds = {bounds("id"), bounds("saga_id")};
            sql.append(" AND s.id IN (").append(MOVING.formatted((Object[]) bounds)).append(')');
            boundParameters();
            boundParameters();
        }
    }

    private void where(SagaFilter filter) {
        and("s.state = ?", filter.isOfAllOpen() ? null : filter.state());
        and("s.paused = ?", filter.paused());
        and("d.definition = ?", filter.definition());
        and("k.code = ?", filter.reason());
        // As groups have it, so that what is done to a group is done to no other saga.
        String error = filter.isOfStuck() ? "k.error" : "coalesce(k.error, s.reason_code)";
        if (SagaFilter.NO_ERROR.equals(filter.error())) {
            sql.append(" AND ").append(error).append(" IS NULL");
        } else {
            and(error + " = ?", filter.error());
        }
        and("a.assignee = ?", filter.assignee());
        and("d.business_key = ?", filter.businessKey());
        if (filter.isOfStuck()) {
            and("k.step = ?", filter.step());
            and("k.participant = ?", filter.participant());
        } else if (filter.isOfOpen()) {
            sql.append(" AND s.phase IN (0, 1)");
        }
        if (filter.startedBefore() != null) {
            and("s.id < ?", Tsid.floor(filter.startedBefore().toEpochMilli()));
            and("d.created_at < ?", filter.startedBefore().atOffset(ZoneOffset.UTC));
        }
        if (filter.startedAfter() != null) {
            and("s.id >= ?", Tsid.floor(filter.startedAfter().toEpochMilli()));
        }
        and("d.trace_parent LIKE ?", filter.traceParentLike());
        if (filter.snoozed() != null) {
            sql.append(filter.snoozed() ? " AND k.snoozed_until > now()" : " AND k.snoozed_until > now() IS NOT TRUE");
        }
        if (filter.text() != null) {
            Long id = idOf(filter.text());
            // As an array, so that the planner does not take it for more than a few and read all sagas instead.
            sql.append(" AND s.id = ANY (ARRAY(SELECT saga_id FROM saga_search WHERE search = ?");
            parameters.add(filter.text());
            bound("saga_id");
            sql.append(" UNION SELECT id FROM (SELECT id, search FROM saga_data "
                    + "WHERE id >= (SELECT found_to FROM saga_sweep) ORDER BY id DESC LIMIT " + NOT_SWEPT_MAX
                    + ") AS young WHERE search = ? UNION SELECT saga_id FROM saga_stuck WHERE search = ?");
            parameters.add(filter.text());
            parameters.add(filter.text());
            if (id != null) {
                sql.append(" UNION SELECT id FROM saga_data WHERE business_key = ? UNION SELECT ?::int8");
                parameters.add(id);
                parameters.add(id);
            }
            sql.append("))");
        }
    }

    private void bound(String column) {
        sql.append(bounds(column));
        boundParameters();
    }

    private String bounds(String column) {
        return (after == null ? "" : " AND " + column + (oldestFirst ? " > ?" : " < ?"))
                + (until == null ? "" : " AND " + column + (oldestFirst ? " <= ?" : " >= ?"));
    }

    private void boundParameters() {
        if (after != null) {
            parameters.add(after);
        }
        if (until != null) {
            parameters.add(until);
        }
    }

    private void and(String condition, @Nullable Object value) {
        if (value != null) {
            sql.append(" AND ").append(condition);
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
}
