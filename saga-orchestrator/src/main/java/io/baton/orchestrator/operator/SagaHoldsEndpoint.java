package io.baton.orchestrator.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.baton.http.ProblemException;
import io.baton.orchestrator.execution.Pace;
import io.baton.orchestrator.execution.SagaHolds;
import io.baton.orchestrator.execution.SagaHolds.Hold;
import io.baton.orchestrator.execution.SagaHolds.Result;
import io.baton.orchestrator.execution.SagaQueries;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.stereotype.Component;

/** The commands of a definition or a step that are held back, on the management port. */
@Component
@WebEndpoint(id = "sagaholds")
class SagaHoldsEndpoint {

    private static final int LONGEST = 200;
    private static final String PER_SECOND = "20";

    private final SagaHolds holds;
    private final SagaActions actions;
    private final SagaQueries queries;
    private final WriteAccess access;

    SagaHoldsEndpoint(SagaHolds holds, SagaActions actions, SagaQueries queries, WriteAccess access) {
        this.holds = holds;
        this.actions = actions;
        this.queries = queries;
        this.access = access;
    }

    /** Everything that is held, or was let go and still waits for its turn. */
    record Page(List<HoldView> items, Instant asOf) {}

    /**
     * What is held.
     *
     * @param step null if all steps are
     * @param heldCommands how many commands wait for its end
     * @param releasedAt null while it holds
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record HoldView(
            String holdId,
            String definition,
            @Nullable String step,
            String reason,
            String actor,
            Instant since,
            long heldCommands,
            @Nullable Instant releasedAt) {

        private static HoldView of(Hold hold) {
            return new HoldView(
                    Long.toString(hold.id()),
                    hold.definition(),
                    hold.step(),
                    hold.reason(),
                    hold.actor(),
                    hold.since(),
                    hold.heldCommands(),
                    hold.releasedAt());
        }
    }

    /** What is held now. */
    @ReadOperation
    Page holds() {
        RequestMembers.requireOnly(Set.of());
        return new Page(holds.all().stream().map(HoldView::of).toList(), queries.now());
    }

    /**
     * Holds back what is sent from now on; all instances know of it within a second.
     *
     * @param step only commands of this step, its compensation's included
     * @throws ProblemException if there is no such definition or step, or it is held already
     */
    @WriteOperation
    HoldView hold(
            SecurityContext caller,
            @Nullable String definition,
            @Nullable String step,
            @Nullable String reason,
            @Nullable String requestId) {
        access.require();
        RequestMembers.requireOnly(Set.of("definition", "step", "reason", "requestId"));
        String of = Asked.text("definition", definition, LONGEST);
        String at = step == null ? null : Asked.text("step", step, LONGEST);
        if (!holds.isKnown(of, null)) {
            throw Asked.invalid("definition", "UNKNOWN", "There is no definition '" + of + "' here.");
        }
        if (!holds.isKnown(of, at)) {
            throw Asked.invalid("step", "UNKNOWN", "The definition '" + of + "' has no step '" + at + "'.");
        }
        String why = Asked.reason(reason);
        return view(holds.hold(request(requestId), of, at, SagasEndpoint.nameOf(caller), why), 0);
    }

    /**
     * Lets go what is held.
     *
     * @param what {@code release}
     * @param maxPerSecond how many commands are sent a second at most, 20 if it is not said
     * @throws ProblemException if there is no such hold, or it was let go
     */
    @WriteOperation
    HoldView release(
            SecurityContext caller,
            @Selector String holdId,
            @Selector String what,
            @Nullable String reason,
            @Nullable String maxPerSecond,
            @Nullable String requestId) {
        access.require();
        RequestMembers.requireOnly(Set.of("reason", "maxPerSecond", "requestId"));
        if (!what.equals("release")) {
            throw ProblemException.notFound("There is no action '" + what + "' of a hold; there is release.");
        }
        long id = Asked.parse("holdId", holdId, "the number of a hold", Long::parseLong);
        int pace = Asked.wholeNumber(
                "maxPerSecond", maxPerSecond == null ? PER_SECOND : maxPerSecond, 1, Pace.FASTEST);
        String why = Asked.reason(reason);
        return view(holds.release(request(requestId), id, pace, SagasEndpoint.nameOf(caller), why), id);
    }

    private UUID request(@Nullable String requestId) {
        UUID request = Asked.requestId(requestId);
        return request == null ? actions.newRequestId(queries.now()) : request;
    }

    private static HoldView view(Result result, long id) {
        return switch (result) {
            case Result.Granted(Hold hold) -> HoldView.of(hold);
            case Result.NoSuchHold() -> throw ProblemException.notFound("There is no hold " + id + ".");
            case Result.Refused(String why) ->
                throw new ProblemException(SagaActions.NOT_ALLOWED_NOW, "This is not allowed now: " + why + ".")
                        .member("why", why);
        };
    }
}
