package io.baton.orchestrator.saga;

/**
 * Why a saga needs a person.
 *
 * @param step where; empty if no step is to blame
 * @param message one sentence for an operator
 * @param from the phase in which it got stuck, and in which it would go on
 */
public record Stuck(Code code, String step, String message, Phase from) {

    /** Machine-readable causes. */
    public enum Code {
        /** A step never answered, and neither direction would be safe: it may have happened. */
        OUTCOME_UNKNOWN,
        /** A step failed as often as allowed, and cannot be undone instead, or must not be by its definition. */
        RETRIES_EXHAUSTED,
        /** A step was refused, and its definition leaves it to a person what follows. */
        REFUSED,
        /** A compensation was sent as often as allowed and is not done. */
        COMPENSATION_FAILED,
        /** The saga is past its point of no return, later than its deadline, and not done. */
        DEADLINE_PASSED_AFTER_PIVOT,
        /** A command could not be handled by its participant, or its answer could not be read, and lies as a dead letter. */
        MESSAGE_DEAD_LETTERED,
        /** The version of the definition with which the saga started is not in this program, or is another there. */
        DEFINITION_MISSING,
        /** What is stored of the saga cannot be what the program wrote, or a command could not be made of it. */
        INVARIANT_BROKEN
    }
}
