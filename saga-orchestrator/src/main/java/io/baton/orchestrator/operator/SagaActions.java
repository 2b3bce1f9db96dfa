package io.baton.orchestrator.operator;

import io.baton.contract.SagaId;
import io.baton.http.ProblemException;
import io.baton.http.ProblemType;
import io.baton.messaging.Ids;
import io.baton.orchestrator.execution.Deed;
import io.baton.orchestrator.execution.SagaInterventions;
import io.baton.orchestrator.execution.SagaInterventions.Result;
import io.baton.orchestrator.execution.SagaInterventions.Wish;
import io.baton.orchestrator.execution.SagaPreviews;
import io.baton.orchestrator.execution.SagaPreviews.Preview;
import io.baton.orchestrator.execution.SagaQueries;
import io.baton.orchestrator.execution.SagaQueries.Snapshot;
import io.baton.orchestrator.execution.StoredSaga;
import io.baton.orchestrator.operator.ActionView.Allowed;
import io.baton.orchestrator.operator.ActionView.Done;
import io.baton.orchestrator.operator.ActionView.DryRun;
import io.baton.orchestrator.operator.ActionView.Proposed;
import io.baton.orchestrator.saga.OperatorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Does an operator's action to a saga, says what it would do, and says which are allowed. */
@Component
class SagaActions {

    static final ProblemType NOT_ALLOWED_NOW =
            new ProblemType("not-allowed-now", 409, "The saga does not allow this now");
    private static final ProblemType OUTDATED = new ProblemType("outdated", 412, "The saga has moved on");
    private static final ProblemType SECOND_PERSON_NEEDED =
            new ProblemType("second-person-needed", 403, "This takes two persons");

    private final Map<String, SagaAction> actions = new TreeMap<>();
    private final SagaQueries queries;
    private final SagaPreviews previews;
    private final SagaInterventions interventions;
    private final SagaData data;
    private final Ids ids;

    SagaActions(
            List<SagaAction> actions,
            SagaQueries queries,
            SagaPreviews previews,
            SagaInterventions interventions,
            SagaData data,
            Ids ids) {
        actions.forEach(action -> this.actions.put(action.name(), action));
        this.queries = queries;
        this.previews = previews;
        this.interventions = interventions;
        this.data = data;
        this.ids = ids;
    }

    /** @throws ProblemException if there is no such action, naming those that there are */
    SagaAction named(String name) {
        SagaAction action = actions.get(name);
        if (action == null) {
            throw ProblemException.notFound(
                    "There is no action '" + name + "'; there are " + String.join(", ", actions.keySet()) + ".");
        }
        return action;
    }

    /** A request id for a wish that came without one. */
    UUID newRequestId(Instant now) {
        return UUID.nameUUIDFromBytes(("wish " + ids.nextSagaId(now)).getBytes(StandardCharsets.UTF_8));
    }

    /** What can be done to the saga as it is now, and what cannot, and why. */
    List<Allowed> allowed(StoredSaga saga, Instant now) {
        return actions.values().stream()
                .flatMap(action -> action.offered(saga).stream())
                .map(deed -> allowed(deed, previews.of(saga, deed, now)))
                .toList();
    }

    private static Allowed allowed(Deed deed, Preview preview) {
        String step = deed.step() == null || deed.step().isEmpty() ? null : deed.step();
        Boolean took = deed instanceof Deed.Move(OperatorAction.Resolve(_, boolean effect)) ? effect : null;
        return switch (preview) {
            case Preview.Refused(String why) ->
                new Allowed(deed.name(), step, took, false, why, Effects.of(deed, preview), null);
            case Preview.Granted granted ->
                new Allowed(
                        deed.name(),
                        step,
                        took,
                        true,
                        null,
                        Effects.of(deed, preview),
                        granted.needsSecondPerson() ? true : null);
        };
    }

    /**
     * What the deed would do to the saga, which is not changed.
     *
     * @throws ProblemException if there is no such saga, it has another version, or does not allow it
     */
    DryRun dryRun(SagaId id, @Nullable Integer expectedVersion, Deed deed) {
        Instant now = queries.now();
        StoredSaga saga = find(id).saga();
        if (expectedVersion != null && expectedVersion != saga.version()) {
            throw outdated(saga.version());
        }
        return switch (previews.of(saga, deed, now)) {
            case Preview.Refused(String why) -> throw notAllowed(why, saga, now);
            case Preview.Granted granted ->
                new DryRun(
                        id.toString(),
                        deed.name(),
                        saga.version(),
                        true,
                        saga.state(),
                        granted.to(),
                        granted.sends(),
                        granted.later(),
                        granted.end(),
                        SagaPreviews.unknownSteps(saga),
                        SagaPreviews.pastPivot(saga),
                        granted.needsSecondPerson() ? true : null,
                        Effects.of(deed, granted));
        };
    }

    /**
     * Does it.
     *
     * @return a {@link Done}, or a {@link Proposed} if it takes a second person
     * @throws ProblemException if it was not granted
     */
    Object act(Wish wish) {
        Instant now = queries.now();
        Optional<Snapshot> before = queries.find(wish.sagaId().value());
        // Decided before it is done; if the saga has another version by then, nothing is done.
        Preview preview = before.isEmpty()
                ? new Preview.Refused("there is no such saga")
                : previews.of(before.get().saga(), wish.deed(), now);
        return switch (interventions.grant(wish)) {
            case Result.Granted(int version) -> done(wish, version, false, preview);
            case Result.Repeated(int version) -> done(wish, version, true, preview);
            case Result.Proposed() ->
                new Proposed(
                        wish.sagaId().toString(),
                        wish.deed().name(),
                        wish.requestId().toString(),
                        wish.expectedVersion(),
                        true,
                        "It is done as soon as a second person asks for the same with the same version.");
            case Result.SecondPersonNeeded() ->
                throw new ProblemException(
                        SECOND_PERSON_NEEDED,
                        "You have proposed this already; a second person has to ask for the same.");
            case Result.Outdated(int version) -> throw outdated(version);
            case Result.NoSuchSaga() -> throw notFound(wish.sagaId());
            case Result.Refused(String why) -> throw notAllowed(why, find(wish.sagaId()).saga(), now);
        };
    }

    private Done done(Wish wish, int version, boolean isRepeated, Preview preview) {
        StoredSaga saga = find(wish.sagaId()).saga();
        Preview.Granted granted = !isRepeated && preview instanceof Preview.Granted told ? told : null;
        return new Done(
                wish.sagaId().toString(),
                wish.deed().name(),
                wish.requestId().toString(),
                version,
                granted == null ? saga.state() : granted.to(),
                isRepeated,
                granted == null ? List.of() : granted.sends(),
                // Each look is audited, so a repeated request is no further look.
                wish.deed().name().equals("reveal") && !isRepeated ? data.inFull(saga) : null);
    }

    /** @throws ProblemException if there is no such saga */
    Snapshot find(SagaId id) {
        return queries.find(id.value()).orElseThrow(() -> notFound(id));
    }

    private static ProblemException notFound(SagaId id) {
        return ProblemException.notFound("There is no saga " + id + ".");
    }

    private static ProblemException outdated(int version) {
        return new ProblemException(
                        OUTDATED, "The saga has version " + version + " now; look at it again before you decide.")
                .member("currentVersion", version);
    }

    private ProblemException notAllowed(String why, StoredSaga saga, Instant now) {
        return new ProblemException(NOT_ALLOWED_NOW, "This is not allowed now: " + why + ".")
                .member("why", why)
                .member("allowedActions", allowed(saga, now));
    }
}
