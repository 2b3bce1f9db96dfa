package io.baton.orchestrator.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.baton.orchestrator.operator.ActionView.Allowed;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A saga as an operator sees it.
 *
 * @param step where it is; null once it has ended
 * @param participant whom it waits for
 * @param attempt of the command that was last sent for that step
 * @param dueAt when it will be looked at if nothing is heard; null if it has ended, is stuck, or its clock stands still
 * @param reason why it is being undone, or was
 * @param stuck why it needs a person
 * @param runbook the page of the runbook about that, below the management port
 * @param stuckSince since when it does
 * @param error what its participant said when it got stuck
 * @param paused true if an operator holds back everything that it says
 * @param assignee who sees to it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SagaView(
        String sagaId,
        String orderId,
        String definition,
        int definitionVersion,
        String state,
        @Nullable String step,
        @Nullable String participant,
        @Nullable Integer attempt,
        @Nullable Why reason,
        @Nullable Why stuck,
        @Nullable String runbook,
        @Nullable Instant stuckSince,
        @Nullable String error,
        int version,
        Instant startedAt,
        Instant updatedAt,
        @Nullable Instant dueAt,
        @Nullable Boolean paused,
        @Nullable String assignee,
        @Nullable Instant snoozedUntil,
        @Nullable String note) {

    /** A machine-readable cause, where, and one sentence. */
    record Why(String code, String step, String message) {}

    /** Some sagas.
     *
     * @param next what to pass as {@code cursor} to see more; null if there are none
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Page(List<SagaView> items, @Nullable String next, Instant asOf) {}

    /**
     * One saga in full.
     *
     * @param steps all steps, with how far each is
     * @param log what happened
     * @param staleReplies answers that changed nothing
     * @param operatorActions what operators tried, and what came of it
     * @param heldCommands what it takes for sent, and what waits to be
     * @param allowedActions what can be done now, and what not and why
     * @param data what it knows, without what is personal
     * @param dataHidden JSON pointers of what is left out
     * @param diagram its definition as a Mermaid state diagram; null if this program does not have it
     * @param sequence its log as a Mermaid sequence diagram
     * @param deadLetters records about it that were put aside
     * @param traceId the trace of the request that started it; null if it had none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Detail(
            @JsonUnwrapped SagaView saga,
            List<StepView> steps,
            List<LogView> log,
            List<StaleView> staleReplies,
            List<AuditView> operatorActions,
            List<HeldView> heldCommands,
            List<Allowed> allowedActions,
            JsonNode data,
            List<String> dataHidden,
            @Nullable String diagram,
            String sequence,
            List<LetterView> deadLetters,
            @Nullable String traceId,
            Instant asOf) {}

    /** A record that was put aside; id is where it lies, as {@code topic-partition-offset}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LetterView(String id, String topic, @Nullable String type, Instant at, String status) {}

    /**
     * One step.
     *
     * @param kind null if the program does not have the saga's definition
     * @param attempt of the command that was last sent, where that is known
     * @param lag of a step that is waited for: how many records its participant had not read, at most half a minute ago
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record StepView(
            String name,
            @Nullable String kind,
            @Nullable String participant,
            String status,
            @Nullable Integer attempt,
            @Nullable Long lag) {}

    /** One change. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LogView(
            int seq,
            Instant at,
            @Nullable String from,
            String to,
            @Nullable String message,
            @Nullable String step,
            @Nullable String direction,
            @Nullable Integer attempt,
            String outcome,
            @Nullable String detail,
            @Nullable String commandPosition,
            @Nullable String replyPosition,
            @Nullable String actor) {}

    /**
     * A command that is held back.
     *
     * @param command its type; null if the program does not have the saga's definition
     * @param hold the id of the hold, or {@code pause}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record HeldView(
            @Nullable String command, String step, String direction, int attempt, Instant since, String hold) {}

    /** One answer that changed nothing. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record StaleView(
            Instant at,
            String step,
            String direction,
            int attempt,
            String outcome,
            String detail,
            @Nullable String replyPosition) {}

    /**
     * One attempt of an operator.
     *
     * @param result one of {@link io.baton.orchestrator.execution.OperatorAudit.Result}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AuditView(
            Instant at,
            String actor,
            String action,
            @Nullable String sagaId,
            @Nullable String step,
            String reason,
            String requestId,
            String result,
            @Nullable String detail,
            @Nullable Integer versionBefore,
            @Nullable Integer versionAfter,
            @Nullable String bulkId) {}
}
