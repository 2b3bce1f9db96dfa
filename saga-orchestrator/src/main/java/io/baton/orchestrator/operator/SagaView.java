package io.baton.orchestrator.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A saga as an operator sees it.
 *
 * @param step where it is; null once it has ended
 * @param attempt of the command that was last sent for that step
 * @param dueAt when it will be looked at if nothing is heard; null if it has ended or is stuck
 * @param reason why it is being undone, or was
 * @param stuck why it needs a person
 * @param steps all steps with how far each is; only when one saga is asked for
 * @param log what happened; only when one saga is asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SagaView(
        String sagaId,
        String orderId,
        String definition,
        int definitionVersion,
        String state,
        @Nullable String step,
        @Nullable Integer attempt,
        @Nullable Why reason,
        @Nullable Why stuck,
        int version,
        Instant startedAt,
        Instant updatedAt,
        @Nullable Instant dueAt,
        @Nullable List<StepView> steps,
        @Nullable List<LogView> log) {

    /** A machine-readable cause, where, and one sentence. */
    record Why(String code, String step, String message) {}

    /**
     * One step.
     *
     * @param kind null if the program does not have the saga's definition
     * @param attempt of the command that was last sent, where that is known
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record StepView(String name, @Nullable String kind, String status, @Nullable Integer attempt) {}

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
     * Some sagas, newest first.
     *
     * @param next what to pass as {@code before} to see older ones; null if there are none
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Page(List<SagaView> items, @Nullable String next) {}
}
