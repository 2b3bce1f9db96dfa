package io.baton.orchestrator.bulk;

import io.baton.contract.SagaId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An action to many sagas.
 *
 * @param action as it stands in the path of the endpoint that does it to one saga
 * @param members what it takes beside its name
 * @param actor who, as the server knows him
 * @param reason why, in one sentence
 * @param total how many sagas, from the start
 * @param endedAt null while any is still to be done
 * @param cancelledBy who stopped it; null if nobody did
 */
public record Bulk(
        long id,
        String action,
        Map<String, String> members,
        String actor,
        String reason,
        int maxPerSecond,
        int total,
        Instant createdAt,
        @Nullable Instant endedAt,
        @Nullable String cancelledBy) {

    /** What came of one saga. */
    public enum Outcome {
        /** It is still to be done. */
        PENDING,
        /** It was done. */
        GRANTED,
        /** The saga does not allow it; nothing was done. */
        REFUSED,
        /** The saga has moved on since it was chosen; nothing was done. */
        OUTDATED,
        /** There is no such saga. */
        GONE,
        /** It takes a second person, who has to ask for the same. */
        PROPOSED,
        /** The bulk was cancelled before; nothing was done. */
        CANCELLED,
        /** The program failed at it; nothing was done. */
        FAILED
    }

    /** What is wished for, before it has an id. */
    public record Order(
            UUID requestId,
            String action,
            Map<String, String> members,
            String actor,
            String reason,
            int maxPerSecond) {

        /** Whether the bulk is what such a wish began. */
        boolean isOf(Bulk bulk) {
            return action.equals(bulk.action)
                    && members.equals(bulk.members)
                    && actor.equals(bulk.actor)
                    && reason.equals(bulk.reason)
                    && maxPerSecond == bulk.maxPerSecond;
        }
    }

    /** A saga that was chosen, with the version that it had then. */
    public record Chosen(SagaId sagaId, int version) {}

    /**
     * What came of one saga so far.
     *
     * @param message why, if it was not granted
     * @param at when; null while it is pending
     * @param effective the saga's state now, in which one sees whether the action has had its effect; null if there is no
     *     such saga
     */
    public record Item(
            SagaId sagaId,
            int version,
            Outcome outcome,
            @Nullable String message,
            @Nullable Instant at,
            @Nullable String effective) {}

    /** RUNNING, DONE or CANCELLED. */
    public String state() {
        return cancelledBy != null ? "CANCELLED" : endedAt == null ? "RUNNING" : "DONE";
    }

    /** The same for every try at this saga, so that a try that was made twice counts once. */
    UUID requestId(SagaId sagaId) {
        return UUID.nameUUIDFromBytes(("bulk " + id + " saga " + sagaId).getBytes(StandardCharsets.UTF_8));
    }
}
