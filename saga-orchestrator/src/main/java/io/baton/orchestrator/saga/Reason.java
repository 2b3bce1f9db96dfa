package io.baton.orchestrator.saga;

/**
 * Why a saga is being undone.
 *
 * @param code the refusal's code, {@link #TIMEOUT}, {@link #OPERATOR}, or the code of a cancellation
 * @param step the step that refused, did not answer, or was next
 * @param message one sentence for a person, without personal data
 */
public record Reason(String code, String step, String message) {

    /** A step or the whole saga ran out of time or attempts. */
    public static final String TIMEOUT = "TIMEOUT";
    /** A person decided it. */
    public static final String OPERATOR = "CANCELLED_BY_OPERATOR";
}
