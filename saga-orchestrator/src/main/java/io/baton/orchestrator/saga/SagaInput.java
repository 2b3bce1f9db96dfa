package io.baton.orchestrator.saga;

import java.time.Duration;

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
     */
    record ReplyArrived(
            String step, Direction direction, int attempt, Kind kind, String code, String message, Duration retryAfter)
            implements SagaInput {

        /** A reply that the command took effect. */
        public static ReplyArrived done(String step, Direction direction, int attempt) {
            return new ReplyArrived(step, direction, attempt, Kind.DONE, "", "", Duration.ZERO);
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

    /** It was looked at because it may be due. What is due follows from the saga and the time. */
    record TimerFired() implements SagaInput {}

    /**
     * A person wishes it undone.
     *
     * @param actor who
     * @param code the reason's code
     * @param message the reason in one sentence
     */
    record CancelRequested(String actor, String code, String message) implements SagaInput {}
}
