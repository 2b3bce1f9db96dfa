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
        /** The pivot was sent as often as allowed and never answered: neither direction would be safe. */
        OUTCOME_UNKNOWN,
        /** The pivot or a step after it failed as often as allowed. */
        RETRIES_EXHAUSTED,
        /** A compensation was sent as often as allowed and is not done. */
        COMPENSATION_FAILED,
        /** The version of the definition with which the saga started is not in this program. */
        DEFINITION_MISSING,
        /** What is stored of the saga cannot be what the program wrote, or a command could not be made of it. */
        INVARIANT_BROKEN
    }
}
