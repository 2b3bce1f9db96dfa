package io.baton.messaging;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What a participant remembers of a command. The numbers in the table are the ordinals. */
public enum OutcomeStatus {
    /** A handler has begun it and will answer later. */
    PENDING,
    /** It took effect. */
    DONE,
    /** It did not, and never will. */
    REFUSED,
    /** Its compensation came first, so it never will. */
    TOMBSTONE;

    /**
     * What is remembered once a handler has answered; null if nothing is, and the next attempt reaches the handler
     * anew. A compensation has no right to a "no": that is a technical failure which a person will have to look at.
     */
    public static @Nullable OutcomeStatus after(Answer answer, Direction direction) {
        return switch (answer) {
            case Answer.Done _ -> DONE;
            case Answer.Refused _ -> direction == Direction.ACTION ? REFUSED : null;
            case Answer.Failed _ -> null;
            case Answer.Later _ -> PENDING;
        };
    }

    /**
     * The same for an answer that came later. An action that failed, and whose compensation came meanwhile, must not be
     * begun again.
     *
     * @param isCompensated whether the command's compensation is known; asked only if it matters
     */
    public static @Nullable OutcomeStatus afterWaiting(
            Answer answer, Direction direction, BooleanSupplier isCompensated) {
        OutcomeStatus status = after(answer, direction);
        return status == null && direction == Direction.ACTION && isCompensated.getAsBoolean() ? TOMBSTONE : status;
    }
}
