package io.baton.orchestrator.operator;

import io.baton.http.ProblemException;
import io.baton.http.ProblemType;
import io.baton.orchestrator.bulk.Bulk;
import io.baton.orchestrator.bulk.Bulk.Item;
import io.baton.orchestrator.bulk.Bulk.Outcome;
import io.baton.orchestrator.bulk.SagaBulks;
import io.baton.orchestrator.execution.Deed;
import io.baton.orchestrator.execution.Pace;
import io.baton.orchestrator.execution.SagaFilter;
import io.baton.orchestrator.execution.SagaQueries;
import io.baton.orchestrator.execution.SagaQueries.Snapshot;
import io.baton.orchestrator.operator.BulkPlans.Meant;
import io.baton.orchestrator.operator.BulkView.ItemView;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.stereotype.Component;
import org.springframework.util.MimeType;

/** What is done to many sagas at once, on the management port. */
@Component
@WebEndpoint(id = "sagabulk")
class SagaBulkEndpoint {

    private static final int IDS = 1_000;
    private static final String PER_SECOND = "20";
    private static final MimeType CSV = MimeType.valueOf("text/csv;charset=UTF-8");
    private static final ProblemType COUNT_CHANGED =
            new ProblemType("count-changed", 409, "Other sagas match than were expected");
    private static final ProblemType ENDED = new ProblemType("bulk-ended", 409, "Nothing is left to be done");
    private static final Set<String> WISH =
            Set.of("action", "ids", "dryRun", "expectedCount", "limit", "maxPerSecond", "reason", "requestId");
    private static final Set<String> FILTERS = Set.of(
            "state", "definition", "stuckReason", "error", "participant", "olderThan", "youngerThan", "snoozed", "paused", "orderId", "q", "traceId",
            "assignee", "step");

    private final SagaBulks bulks;
    private final BulkPlans plans;
    private final SagaActions actions;
    private final SagaFilters filters;
    private final SagaQueries queries;
    private final WriteAccess access;

    SagaBulkEndpoint(
            SagaBulks bulks,
            BulkPlans plans,
            SagaActions actions,
            SagaFilters filters,
            SagaQueries queries,
            WriteAccess access) {
        this.bulks = bulks;
        this.plans = plans;
        this.actions = actions;
        this.filters = filters;
        this.queries = queries;
        this.access = access;
    }

    /** The newest bulks. */
    @ReadOperation
    BulkView.Page bulks() {
        RequestMembers.requireOnly(Set.of());
        return new BulkView.Page(
                bulks.newest(SagasEndpoint.LIMIT).stream()
                        .map(bulk -> BulkView.of(bulk, bulks.counts(bulk)))
                        .toList(),
                queries.now());
    }

    /**
     * One bulk with what came of its sagas.
     *
     * @param result only sagas with this outcome
     * @param format {@code csv} for all of them as a table
     * @throws ProblemException if there is no such bulk, or for a parameter that cannot be understood
     */
    @ReadOperation
    WebEndpointResponse<Object> bulk(
            @Selector String bulkId,
            @Nullable String result,
            @Nullable String limit,
            @Nullable String cursor,
            @Nullable String format) {
        RequestMembers.requireOnly(Set.of("result", "limit", "cursor", "format"));
        Bulk bulk = find(bulkId);
        Outcome outcome = Asked.optional(
                "result", result, "an outcome, as REFUSED", text -> Outcome.valueOf(text.toUpperCase(Locale.ROOT)));
        if (format != null) {
            Asked.parse("format", format, "csv", text -> {
                if (!text.equals("csv")) {
                    throw new IllegalArgumentException("unknown");
                }
                return text;
            });
            List<Item> all = bulks.items(bulk, outcome, Long.MIN_VALUE, BulkPlans.MOST);
            return new WebEndpointResponse<>(BulkView.csv(all), 200, CSV);
        }
        int most = limit == null ? SagasEndpoint.LIMIT : Asked.wholeNumber("limit", limit, 1, SagasEndpoint.MOST);
        Cursor from = Cursor.parse(cursor, "bulk");
        List<Item> items = bulks.items(bulk, outcome, from == null ? Long.MIN_VALUE : from.after(), most);
        String next = items.size() < most
                ? null
                : new Cursor("bulk", items.getLast().sagaId().value()).toString();
        return new WebEndpointResponse<>(new BulkView.Detail(
                BulkView.of(bulk, bulks.counts(bulk)),
                items.stream().map(ItemView::of).toList(),
                next,
                queries.now()));
    }

    /**
     * Does an action to many sagas, or says what it would do. The sagas are those that are named, or those that match all
     * filters when they are asked for; which they are is kept before anything is done, and none is added later.
     *
     * @param ids saga ids, separated by commas
     * @param stuckReason the list's filter {@code reason}, which has another meaning here
     * @param expectedCount how many sagas match, as the dry run said; needed with filters
     * @param limit how many are done at most, oldest first
     * @param reason why, which stands in the audit
     * @throws ProblemException if it was not begun; nothing is done then
     */
    @WriteOperation
    WebEndpointResponse<Object> begin(
            SecurityContext caller,
            @Nullable String action,
            @Nullable String ids,
            @Nullable String state,
            @Nullable String definition,
            @Nullable String step,
            @Nullable String stuckReason,
            @Nullable String error,
            @Nullable String participant,
            @Nullable String olderThan,
            @Nullable String youngerThan,
            @Nullable String assignee,
            @Nullable String snoozed,
            @Nullable String paused,
            @Nullable String orderId,
            @Nullable String q,
            @Nullable String traceId,
            @Nullable String took,
            @Nullable String by,
            @Nullable String until,
            @Nullable String text,
            @Nullable String dryRun,
            @Nullable String expectedCount,
            @Nullable String limit,
            @Nullable String maxPerSecond,
            @Nullable String reason,
            @Nullable String requestId) {
        access.require();
        SagaAction wanted = actions.named(Asked.required("action", action));
        Set<String> known = new HashSet<>(WISH);
        known.addAll(FILTERS);
        known.addAll(wanted.members());
        RequestMembers.requireOnly(known);
        // A step that the action is about also says which sagas are meant; an assignee that it names does not.
        Map<String, String> members = members(wanted, step, took, by, until, assignee, text);
        SagaFilter filter = filters.parse(
                state,
                definition,
                ids != null && members.containsKey("step") ? null : step,
                stuckReason,
                error,
                participant,
                olderThan,
                youngerThan,
                members.containsKey("assignee") ? null : assignee,
                snoozed,
                paused,
                orderId,
                q,
                traceId);
        Meant meant = meant(ids, filter);
        Deed deed = plans.deed(wanted.name(), members);
        int most = limit == null ? BulkPlans.MOST : Asked.wholeNumber("limit", limit, 1, BulkPlans.MOST);
        if (Asked.flag("dryRun", dryRun)) {
            return new WebEndpointResponse<>(plans.dryRun(wanted.name(), deed, meant, most));
        }
        String why = Asked.reason(reason);
        int pace = Asked.wholeNumber(
                "maxPerSecond", maxPerSecond == null ? PER_SECOND : maxPerSecond, 1, Pace.FASTEST);
        if (meant.ids() == null) {
            Asked.required("expectedCount", expectedCount);
        }
        UUID request = Asked.requestId(requestId);
        Bulk.Order order = new Bulk.Order(
                request == null ? actions.newRequestId(queries.now()) : request,
                wanted.name(),
                members,
                SagasEndpoint.nameOf(caller),
                why,
                pace);
        Bulk bulk = bulk(bulks.before(order).orElseGet(() -> {
            List<Snapshot> found = plans.find(meant);
            requireCount(order, BulkPlans.count(meant, found), expectedCount);
            return bulks.begin(order, BulkPlans.chosen(meant, found, most));
        }));
        return new WebEndpointResponse<>(BulkView.of(bulk, bulks.counts(bulk)), 202);
    }

    /**
     * Leaves undone what is not done yet.
     *
     * @param reason why, which stands in the audit
     * @throws ProblemException if there is no such bulk, no reason, or nothing is left to be done
     */
    @DeleteOperation
    WebEndpointResponse<Object> cancel(SecurityContext caller, @Selector String bulkId, @Nullable String reason) {
        access.require();
        RequestMembers.requireOnly(Set.of("reason"));
        Bulk bulk = find(bulkId);
        String why = Asked.reason(reason);
        UUID request = actions.newRequestId(queries.now());
        if (!bulks.cancel(bulk, request, SagasEndpoint.nameOf(caller), why)) {
            throw new ProblemException(ENDED, "Bulk " + bulk.id() + " has ended; nothing is left to be cancelled.");
        }
        Bulk cancelled = find(bulkId);
        return new WebEndpointResponse<>(BulkView.of(cancelled, bulks.counts(cancelled)));
    }

    private static Meant meant(@Nullable String ids, SagaFilter filter) {
        boolean isNarrowed = !filter.equals(SagaFilter.ALL);
        if (ids != null && isNarrowed) {
            throw Asked.invalid("ids", "AMBIGUOUS", "Expected either ids or filters, and not both.");
        }
        if (ids == null && !isNarrowed) {
            throw Asked.invalid("ids", "REQUIRED", "Expected ids, or at least one filter: " + FILTERS + ".");
        }
        return new Meant(ids == null ? null : BulkPlans.ids(Asked.required("ids", ids), IDS), filter);
    }

    private static Bulk bulk(SagaBulks.Result result) {
        return switch (result) {
            case SagaBulks.Result.Begun(Bulk bulk) -> bulk;
            case SagaBulks.Result.Refused(String why) ->
                throw new ProblemException(SagaActions.NOT_ALLOWED_NOW, "This is not allowed now: " + why + ".")
                        .member("why", why);
        };
    }

    private void requireCount(Bulk.Order order, int count, @Nullable String expectedCount) {
        Integer expected = Asked.optional("expectedCount", expectedCount, "a number, as 42", Integer::valueOf);
        if (count == 0 || expected != null && expected != count) {
            String why = count == 0
                    ? "No saga matches; there is nothing to do."
                    : count + " sagas match, and " + expected + " were expected; look again before you decide.";
            bulks.refused(order, why);
            throw new ProblemException(COUNT_CHANGED, why).member("count", count);
        }
    }

    private static Map<String, String> members(
            SagaAction action,
            @Nullable String step,
            @Nullable String took,
            @Nullable String by,
            @Nullable String until,
            @Nullable String assignee,
            @Nullable String text) {
        Map<String, String> members = new TreeMap<>();
        put(members, action, "step", step);
        put(members, action, "took", took);
        put(members, action, "by", by);
        put(members, action, "until", until);
        put(members, action, "assignee", assignee);
        put(members, action, "text", text);
        return members;
    }

    private static void put(Map<String, String> members, SagaAction action, String name, @Nullable String value) {
        if (value != null && action.members().contains(name)) {
            members.put(name, value);
        }
    }

    private Bulk find(String bulkId) {
        long id = Asked.parse("bulkId", bulkId, "the number of a bulk", Long::parseLong);
        return bulks.find(id).orElseThrow(() -> ProblemException.notFound("There is no bulk " + id + "."));
    }
}
