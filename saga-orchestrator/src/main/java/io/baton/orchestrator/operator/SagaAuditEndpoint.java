package io.baton.orchestrator.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.baton.orchestrator.execution.SagaQueries;
import io.baton.orchestrator.operator.SagaView.AuditView;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.stereotype.Component;

/** What operators tried, granted or not, on the management port. */
@Component
@WebEndpoint(id = "sagaaudit")
class SagaAuditEndpoint {

    private static final int LONGEST = 100;

    private final AuditQueries audit;
    private final SagaQueries queries;

    SagaAuditEndpoint(AuditQueries audit, SagaQueries queries) {
        this.audit = audit;
        this.queries = queries;
    }

    /**
     * Some lines, newest first.
     *
     * @param next what to pass as {@code cursor} to see older ones; null if there are none
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Page(List<AuditView> items, @Nullable String next, Instant asOf) {}

    /**
     * The newest attempts.
     *
     * @param since only attempts from this instant on
     * @param limit how many at most, 50 if it is not said
     * @param cursor a page's {@code next}
     * @throws io.baton.http.ProblemException for a parameter that cannot be understood
     */
    @ReadOperation
    Page audit(
            @Nullable String sagaId,
            @Nullable String actor,
            @Nullable String action,
            @Nullable String since,
            @Nullable String limit,
            @Nullable String cursor) {
        RequestMembers.requireOnly(Set.of("sagaId", "actor", "action", "since", "limit", "cursor"));
        Cursor from = Cursor.parse(cursor, "audit");
        AuditQueries.Filter filter = new AuditQueries.Filter(
                sagaId == null ? null : Asked.sagaId("sagaId", sagaId).value(),
                actor == null ? null : Asked.text("actor", actor, LONGEST),
                action == null ? null : Asked.text("action", action, LONGEST),
                since == null ? null : Asked.instant("since", since));
        AuditQueries.Found found = audit.page(
                filter,
                from == null ? null : from.after(),
                limit == null ? SagasEndpoint.LIMIT : Asked.wholeNumber("limit", limit, 1, SagasEndpoint.MOST));
        return new Page(
                found.lines(),
                found.next() == null ? null : new Cursor("audit", found.next()).toString(),
                queries.now());
    }
}
