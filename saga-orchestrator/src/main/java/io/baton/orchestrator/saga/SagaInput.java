package io.baton.orchestrator.saga;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What can happen to a saga. */
public sealed interface SagaInput {

    /** Somebody wished for it. */
    record Started() implements SagaInput {}

    /**
     * A participant answered.
     *
     * @param attempt which copy of the command it answers
     * @param code empty with {@link Kind#DONE}
     * @param message one sentence; empty with {@link Kind#DONE}
     * @param retryAfter how long the participant asks to be left alone; zero if it does not say
     * @param answer what is kept of the answer for the step's compensation; null if nothing is
     */
    record ReplyArrived(
            String step,
            Direction direction,
            int attempt,
            Kind kind,
            String code,
            String message,
            Duration retryAfter,
            @Nullable String answer)
            implements SagaInput {

        /** The code of a failure that the participant's messaging gave up: the command lies as a dead letter there. */
        public static final String DEAD_LETTERED = "DEAD_LETTERED";

        /** A reply that the command took effect. */
        public static ReplyArrived done(String step, Direction direction, int attempt) {
            return new ReplyArrived(step, direction, attempt, Kind.DONE, "", "", Duration.ZERO, null);
        }

        /** This reply with what is kept of it. */
        public ReplyArrived with(String kept) {
            return new ReplyArrived(step, direction, attempt, kind, code, message, retryAfter, kept);
        }

        /** A reply that the command did not take effect. */
        public static ReplyArrived not(
                Kind kind, String step, Direction direction, int attempt, String code, String message) {
            return new ReplyArrived(step, direction, attempt, kind, code, message, Duration.ZERO, null);
        }
    }

    /** What a participant says of a command. */
    enum Kind {
        /** It took effect. */
        DONE,
        /** A business "no", for good; nothing was done. */
        REFUSED,
        /** It did not work this time; nothing was done. */
        FAILED
    }

    /**
     * A participant answered, but nobody can read what: the record lies as a dead letter.
     *
     * @param message what is wrong with it, in one sentence
     */
    record ReplyUnreadable(String step, Direction direction, int attempt, String message) implements SagaInput {}

    /** It was looked at because it may be due. What is due follows from the saga and the time. */
    record TimerFired() implements SagaInput {}

    /**
     * A customer wishes it undone. Granted as soon as nothing is under way of which it is not known whether it happened.
     *
     * @param actor who
     * @param code the reason's code
     * @param message the reason in one sentence
     */
    record CancelRequested(String actor, String code, String message) implements SagaInput {}

    /**
     * An operator acts.
     *
     * @param actor who
     * @param reason why, in one sentence
     */
    record OperatorActed(String actor, String reason, OperatorAction action) implements SagaInput {}
}
