package io.baton.orchestrator.operator;

import io.baton.contract.SagaId;
import io.baton.http.ProblemException;
import io.baton.orchestrator.execution.Deed;
import io.baton.orchestrator.execution.SagaInterventions.Wish;
import io.baton.orchestrator.execution.SagaQueries;
import java.security.Principal;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.stereotype.Component;

/** The sagas, one saga in full, and what operators do to it, on the management port. */
@Component
@WebEndpoint(id = "sagas")
class SagasEndpoint {

    static final int LIMIT = 50;
    static final int MOST = 500;

    private static final Set<String> PAGE = Set.of("sort", "limit", "cursor");
    private static final Set<String> WISH = Set.of("reason", "expectedVersion", "requestId", "dryRun");

    private final SagaReader reader;
    private final SagaActions actions;
    private final SagaFilters filters;
    private final SagaQueries queries;

    SagasEndpoint(SagaReader reader, SagaActions actions, SagaFilters filters, SagaQueries queries) {
        this.reader = reader;
        this.actions = actions;
        this.filters = filters;
        this.queries = queries;
    }

    /**
     * Sagas, newest first unless it is said otherwise.
     *
     * @param reason why it is stuck
     * @param error what its participant said, or why it is being undone
     * @param olderThan a duration since its start
     * @param youngerThan the same
     * @param q a saga id, an order id, or what its definition finds it by, exactly
     * @param traceId of the trace that it began in; so many are looked through as {@link SagaQueries#page} says
     * @param limit how many at most, 50 if it is not said
     * @param cursor a page's {@code next}
     * @throws ProblemException for a parameter that cannot be understood
     */
    @ReadOperation
    SagaView.Page sagas(
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
            @Nullable String traceId,
            @Nullable String sort,
            @Nullable String limit,
            @Nullable String cursor) {
        RequestMembers.requireOnly(union(SagaFilters.MEMBERS, PAGE));
        boolean oldestFirst = sort != null
                && Asked.parse("sort", sort, "newest or oldest", value -> switch (value) {
                    case "newest" -> false;
                    case "oldest" -> true;
                    default -> throw new IllegalArgumentException("neither");
                });
        String order = oldestFirst ? "oldest" : "newest";
        Cursor from = Cursor.parse(cursor, order);
        return reader.page(
                filters.parse(
                        state, definition, step, reason, error, participant, olderThan, youngerThan, assignee, snoozed, paused, orderId, q, traceId),
                oldestFirst,
                from == null ? null : from.after(),
                limit == null ? LIMIT : Asked.wholeNumber("limit", limit, 1, MOST),
                last -> new Cursor(order, last).toString());
    }

    /** @throws ProblemException if there is no such saga */
    @ReadOperation
    SagaView.Detail saga(@Selector String sagaId) {
        RequestMembers.requireOnly(Set.of());
        return reader.detail(actions.find(Asked.sagaId("sagaId", sagaId)));
    }

    /**
     * Does something to a saga, or says what it would do.
     *
     * @param reason why, which stands in the audit; only a dry run needs none
     * @param expectedVersion the version that the operator saw; only a dry run needs none
     * @param requestId a UUID; the same again does nothing more
     * @throws ProblemException if it was not done
     */
    @WriteOperation
    WebEndpointResponse<Object> act(
            SecurityContext caller,
            @Selector String sagaId,
            @Selector String action,
            @Nullable String reason,
            @Nullable String expectedVersion,
            @Nullable String requestId,
            @Nullable String dryRun,
            @Nullable String step,
            @Nullable String took,
            @Nullable String by,
            @Nullable String until,
            @Nullable String assignee,
            @Nullable String text) {
        SagaId id = Asked.sagaId("sagaId", sagaId);
        SagaAction wanted = actions.named(action);
        RequestMembers.requireOnly(union(WISH, wanted.members()));
        Deed deed = wanted.deed(new SagaAction.Members(step, took, by, until, assignee, text));
        Integer version = Asked.optional("expectedVersion", expectedVersion, "a version, as 7", Integer::valueOf);
        if (Asked.flag("dryRun", dryRun)) {
            return new WebEndpointResponse<>(actions.dryRun(id, version, deed));
        }
        String why = Asked.reason(reason);
        Asked.required("expectedVersion", expectedVersion);
        UUID request = Asked.requestId(requestId);
        Wish wish = new Wish(
                request == null ? actions.newRequestId(queries.now()) : request,
                id,
                version == null ? 0 : version,
                nameOf(caller),
                why,
                deed,
                null);
        Object answer = actions.act(wish);
        return new WebEndpointResponse<>(answer, answer instanceof ActionView.Proposed ? 202 : 200);
    }

    /** Who asks. Nobody gets as far as this without a name, unless security is switched off. */
    static String nameOf(SecurityContext caller) {
        Principal principal = caller.getPrincipal();
        return principal == null ? "anonymous" : principal.getName();
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        Set<String> all = new HashSet<>(some);
        all.addAll(others);
        return all;
    }
}
