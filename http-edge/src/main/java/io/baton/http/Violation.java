package io.baton.http;

/**
 * One thing that is wrong with a request.
 *
 * @param pointer JSON pointer (RFC 6901) into the body, as {@code /items/0/quantity}; empty for the request as a whole
 * @param code upper-case name for programs, as {@code OUT_OF_RANGE}
 * @param detail one sentence that says what was expected, as {@code "Expected a whole number from 1 to 1000."}
 */
public record Violation(String pointer, String code, String detail) {

    /** A violation by the request as a whole: its target, a header, the body's framing. */
    public static Violation ofRequest(String code, String detail) {
        return new Violation("", code, detail);
    }
}
