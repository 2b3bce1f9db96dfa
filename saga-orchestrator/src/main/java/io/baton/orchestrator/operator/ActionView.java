package io.baton.orchestrator.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.baton.orchestrator.execution.SagaPreviews.Planned;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What operators are told of actions. */
final class ActionView {

    private ActionView() {}

    /**
     * An action, and whether it is allowed now.
     *
     * @param took of a resolution: whether it would say that the command took effect
     * @param why it is not allowed; null if it is
     * @param effect what it does, in one sentence
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Allowed(
            String action,
            @Nullable String step,
            @Nullable Boolean took,
            boolean allowed,
            @Nullable String why,
            String effect,
            @Nullable Boolean needsSecondPerson) {}

    /**
     * What an action would do.
     *
     * @param sends the commands that it sends
     * @param later the commands that follow if all goes well
     * @param end the state in which the saga then is
     * @param unknownSteps of which nobody knows whether they were done, or undone
     * @param pastPivot which nobody undoes
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DryRun(
            String sagaId,
            String action,
            int version,
            boolean dryRun,
            String from,
            String to,
            List<Planned> sends,
            List<Planned> later,
            String end,
            List<String> unknownSteps,
            List<String> pastPivot,
            @Nullable Boolean needsSecondPerson,
            String words) {}

    /**
     * What an action did.
     *
     * @param version the saga's, after it
     * @param replayed whether it had been done before, and nothing was done now
     * @param data what was hidden, if that was asked for
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Done(
            String sagaId,
            String action,
            String requestId,
            int version,
            String state,
            boolean replayed,
            List<Planned> sends,
            @Nullable JsonNode data) {}

    /** An action that waits for a second person. */
    record Proposed(
            String sagaId, String action, String requestId, int version, boolean proposed, String words) {}
}
