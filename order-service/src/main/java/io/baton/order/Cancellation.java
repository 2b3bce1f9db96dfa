package io.baton.order;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import org.jspecify.annotations.Nullable;

/**
 * A customer's wish that an order be undone, and what came of it.
 *
 * @param of what is to be undone
 * @param reason the customer's own words; they stay here and travel in no message
 * @param code why it was refused, for programs
 * @param message why it was refused, in one sentence; present exactly with {@link State#REFUSED}
 */
@Embeddable
public record Cancellation(
        @Enumerated(EnumType.STRING) @Column(name = "cancellation_state") State state,
        @Enumerated(EnumType.STRING) @Column(name = "cancellation_of") Subject of,
        @Column(name = "cancellation_reason") @Nullable String reason,
        @Column(name = "cancellation_code") @Nullable String code,
        @Column(name = "cancellation_message") @Nullable String message) {

    /** What came of it. */
    public enum State {
        /** A saga will answer. */
        REQUESTED,
        /** It was too late, or not the moment. */
        REFUSED,
        /** The order is cancelled. */
        GRANTED
    }

    /** What is to be undone, and so, who has to be asked. */
    public enum Subject {
        /** The saga that fulfils the order, while it runs. */
        FULFILMENT,
        /** All that was done, by a saga of its own. There is one for an order at most, so its answer is the last. */
        COMPLETED_ORDER
    }

    static Cancellation requested(Subject of, @Nullable String reason) {
        return new Cancellation(State.REQUESTED, of, reason, null, null);
    }

    Cancellation refused(@Nullable String refusalCode, String refusalMessage) {
        return new Cancellation(State.REFUSED, of, reason, refusalCode, refusalMessage);
    }

    Cancellation granted() {
        return new Cancellation(State.GRANTED, of, reason, null, null);
    }

    /** Whether nobody has answered the wish that {@code subject} be undone. */
    boolean awaits(Subject subject) {
        return state == State.REQUESTED && of == subject;
    }
}
