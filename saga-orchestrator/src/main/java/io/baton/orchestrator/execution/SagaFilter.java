package io.baton.orchestrator.execution;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which sagas are meant; what is null does not matter.
 *
 * @param state as people see it, or {@link #OPEN}
 * @param step where it is
 * @param reason why it is stuck: a code of {@link io.baton.orchestrator.saga.Stuck.Code}
 * @param error what its participant said, or, of one that is not stuck, why it is being undone; {@link #NO_ERROR} if it
 *     said nothing
 * @param participant whom it waits for
 * @param startedBefore it is older than this
 * @param assignee who sees to it
 * @param snoozed whether it is stuck and put off; or stuck and not put off
 * @param paused whether an operator holds back everything that it says
 * @param businessKey what it is about
 * @param text its id, what it is about, or what its definition finds it by
 * @param startedAfter it is not older than this
 * @param traceId of the request that started it, as 32 hexadecimal digits
 */
public record SagaFilter(
        @Nullable String state,
        @Nullable String definition,
        @Nullable String step,
        @Nullable String reason,
        @Nullable String error,
        @Nullable String participant,
        @Nullable Instant startedBefore,
        @Nullable String assignee,
        @Nullable Boolean snoozed,
        @Nullable Boolean paused,
        @Nullable Long businessKey,
        @Nullable String text,
        @Nullable Instant startedAfter,
        @Nullable String traceId) {

    /** Stands for the lack of an error; codes are written in capitals. */
    public static final String NO_ERROR = "none";

    /** Stands for every state of a saga that has not ended. */
    public static final String OPEN = "OPEN";

    /** Every saga. */
    public static final SagaFilter ALL =
            new SagaFilter(null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    /** Every saga in a state. */
    public static SagaFilter inState(String state) {
        return new SagaFilter(state, null, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    static final Set<String> FINAL = Set.of("COMPLETED", "COMPENSATED");

    /** Whether only stuck sagas are meant. */
    public boolean isOfStuck() {
        return "STUCK".equals(state) || reason != null || snoozed != null;
    }

    /** The stuck ones of these. */
    SagaFilter ofStuck() {
        return new SagaFilter(
                "STUCK",
                definition,
                step,
                reason,
                error,
                participant,
                startedBefore,
                assignee,
                snoozed,
                paused,
                businessKey,
                text,
                startedAfter,
                traceId);
    }

    /** What the trace that the saga began in is like, as an SQL pattern; null if that does not matter. */
    public @Nullable String traceParentLike() {
        return traceId == null ? null : "__-" + traceId + "-%";
    }

    /** Whether all sagas are meant that have not ended, stuck or not. */
    boolean isOfAllOpen() {
        return OPEN.equals(state);
    }

    /** Whether only sagas that have not ended are meant. */
    boolean isOfOpen() {
        return isOfStuck() || Boolean.TRUE.equals(paused) || step != null || participant != null || state != null && !FINAL.contains(state);
    }
}
