package io.baton.messaging;

import org.jspecify.annotations.Nullable;

/**
 * What is done with a command, by what is known of its step. A pure decision, so that every order in which commands can
 * come may be tried.
 */
public enum Treatment {
    /** It has its outcome, and gets the same answer again. */
    ANSWER_AGAIN,
    /** It has been begun; the answer that comes later is given to its newest attempt. */
    AWAIT_ANSWER,
    /** Its saga is so old that its outcome may have been forgotten: it is not touched and fails, for a person to see. */
    SAY_FORGOTTEN,
    /** Only its outcome is asked for, and there is none. */
    SAY_NEVER_SEEN,
    /** It undoes what was never heard of: there is nothing to undo, and the action will be refused when it comes. */
    LEAVE_TOMBSTONE,
    /** It undoes what never took effect and never will. */
    SAY_NOTHING_TO_UNDO,
    /** It comes after its expiry, when its outcome might have been forgotten, and fails; a newer attempt is carried out. */
    SAY_EXPIRED,
    /** Its handler is called. */
    CARRY_OUT;

    /** A command, and what is known of it. Each is asked only if it matters, because some must be looked up. */
    public interface Known {

        /** What is remembered of the command itself; null if nothing is. */
        @Nullable OutcomeStatus outcome();

        /** What is remembered of the action that this command undoes, held until this is over; null if nothing is. */
        @Nullable OutcomeStatus actionsOutcome();

        boolean isCompensation();

        /** Whether only the outcome is asked for. */
        boolean isProbe();

        /** Whether it undoes what no command did. */
        boolean isActionGiven();

        boolean isExpired();

        /** Whether its saga is older than what is remembered here for certain. */
        boolean isPerhapsForgotten();
    }

    /** What is done with the command. */
    public static Treatment of(Known command) {
        OutcomeStatus outcome = command.outcome();
        if (outcome != null) {
            return outcome == OutcomeStatus.PENDING ? AWAIT_ANSWER : ANSWER_AGAIN;
        }
        if (command.isPerhapsForgotten()) {
            return SAY_FORGOTTEN;
        }
        if (command.isProbe()) {
            return SAY_NEVER_SEEN;
        }
        if (!command.isCompensation()) {
            return command.isExpired() ? SAY_EXPIRED : CARRY_OUT;
        }
        return command.isActionGiven() ? CARRY_OUT : undoing(command.actionsOutcome());
    }

    private static Treatment undoing(@Nullable OutcomeStatus action) {
        return switch (action) {
            case null -> LEAVE_TOMBSTONE;
            case REFUSED, TOMBSTONE -> SAY_NOTHING_TO_UNDO;
            case PENDING, DONE -> CARRY_OUT;
        };
    }
}
