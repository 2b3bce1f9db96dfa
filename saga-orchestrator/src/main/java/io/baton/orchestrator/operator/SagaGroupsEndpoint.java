package io.baton.orchestrator.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.baton.orchestrator.execution.SagaFilter;
import io.baton.orchestrator.execution.SagaQueries;
import io.baton.orchestrator.operator.GroupQueries.Column;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.stereotype.Component;

/** The sagas that need a person, by what they have in common, on the management port. */
@Component
@WebEndpoint(id = "sagagroups")
class SagaGroupsEndpoint {

    private final GroupQueries groups;
    private final SagaFilters filters;
    private final SagaQueries queries;

    SagaGroupsEndpoint(GroupQueries groups, SagaFilters filters, SagaQueries queries) {
        this.groups = groups;
        this.filters = filters;
        this.queries = queries;
    }

    /**
     * Stuck sagas that are alike.
     *
     * @param definition null, as the next four, if it was not asked to tell them apart by it
     * @param runbook the page of the runbook about the reason, below the management port
     * @param snoozed how many of them are put off
     * @param oldest since when the first of them is stuck
     * @param lastHour how many got stuck within the last hour
     * @param sampleMessage of the one that got stuck last
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Group(
            @Nullable String definition,
            @Nullable String step,
            @Nullable String reason,
            @Nullable String error,
            @Nullable String participant,
            @Nullable String runbook,
            long count,
            long snoozed,
            Instant oldest,
            Instant newest,
            long lastHour,
            String sampleMessage) {}

    /**
     * The groups with the most sagas.
     *
     * @param total how many sagas are in all groups, shown or not
     */
    record Page(List<Group> groups, long total, Instant asOf) {}

    /**
     * Groups of stuck sagas, largest first; at most {@link GroupQueries#MOST}.
     *
     * @param by what tells them apart, separated by commas; everything if it is not said
     * @throws io.baton.http.ProblemException for a parameter that cannot be understood
     */
    @ReadOperation
    Page groups(
            @Nullable String by,
            @Nullable String state,
            @Nullable String definition,
            @Nullable String step,
            @Nullable String reason,
            @Nullable String error,
            @Nullable String participant,
            @Nullable String olderThan,
            @Nullable String youngerThan,
            @Nullable String assignee,
            @Nullable String snoozed,
            @Nullable String paused,
            @Nullable String orderId,
            @Nullable String q,
            @Nullable String traceId) {
        Set<String> known = new HashSet<>(SagaFilters.MEMBERS);
        known.add("by");
        RequestMembers.requireOnly(known);
        Set<Column> columns = by == null ? EnumSet.allOf(Column.class) : EnumSet.noneOf(Column.class);
        if (by != null) {
            for (String name : by.split(",")) {
                columns.add(Asked.parse("by", name.strip(), "some of definition, step, reason, error, participant",
                        text -> Column.valueOf(text.toUpperCase(Locale.ROOT))));
            }
        }
        SagaFilter filter = filters.parse(
                state, definition, step, reason, error, participant, olderThan, youngerThan, assignee, snoozed, paused, orderId, q, traceId);
        List<Group> found = groups.find(columns, filter);
        long total = found.size() < GroupQueries.MOST
                ? found.stream().mapToLong(Group::count).sum()
                : groups.count(filter);
        return new Page(found, total, queries.now());
    }
}
