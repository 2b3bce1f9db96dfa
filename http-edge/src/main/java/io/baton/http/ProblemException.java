package io.baton.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Ends a request with a problem. Cheap: it has no stack trace, because it is an answer and not a failure. Thrown inside
 * a transaction it rolls that back.
 */
public final class ProblemException extends RuntimeException {

    private final transient ProblemType type;
    private final transient List<Violation> violations;
    private final transient Map<String, String> headers = new LinkedHashMap<>();
    private final transient Map<String, Object> members = new LinkedHashMap<>();

    /** @param detail one sentence for this occurrence; shown to the client */
    public ProblemException(ProblemType type, String detail) {
        this(type, detail, List.of());
    }

    public ProblemException(ProblemType type, String detail, List<Violation> violations) {
        super(detail, null, false, false);
        this.type = type;
        this.violations = List.copyOf(violations);
    }

    /** A 400 for everything in {@code violations}, of which there is at least one. */
    public static ProblemException invalid(List<Violation> violations) {
        String detail = violations.size() == 1
                ? violations.getFirst().detail()
                : violations.size() + " things are wrong with the request; see errors.";
        return new ProblemException(ProblemType.INVALID_REQUEST, detail, violations);
    }

    /** A 400 for a method, target or header that no well-meaning client sends. */
    public static ProblemException malformedRequest() {
        return invalid(List.of(Violation.ofRequest(
                "MALFORMED_REQUEST", "The request's target or headers hold something that is not allowed.")));
    }

    /** A 404 for a thing that the path names. */
    public static ProblemException notFound(String detail) {
        return new ProblemException(ProblemType.NOT_FOUND, detail);
    }

    /** A 503: nothing was changed, and the client may send the same again after {@code retryAfter}. */
    public static ProblemException unavailable(String detail, Duration retryAfter) {
        return new ProblemException(ProblemType.UNAVAILABLE, detail)
                .with("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
    }

    /** Adds a header to the answer. */
    public ProblemException with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    /** Adds a member to the body, beyond those of the standard. */
    public ProblemException member(String name, Object value) {
        members.put(name, value);
        return this;
    }

    public ProblemType type() {
        return type;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public List<Violation> violations() {
        return violations;
    }

    public Map<String, String> headers() {
        return headers;
    }

    public Map<String, Object> members() {
        return members;
    }
}
