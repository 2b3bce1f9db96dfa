package io.baton.http;

import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The value of an {@code Idempotency-Key} header, bare or as a quoted string. A controller method may have a
 * {@code @Nullable} parameter of this type; a key that is not well-formed never reaches it.
 *
 * @param value 1 to 255 visible ASCII characters other than quotes
 */
public record IdempotencyKey(String value) {

    public static final String HEADER = "Idempotency-Key";

    /** On an answer that is a repetition of the first one. */
    public static final String REPLAYED_HEADER = "Idempotent-Replayed";

    public static final int MAX_LENGTH = 255;

    /**
     * The key among the header's values, or {@code null} if there is no such header.
     *
     * @throws ProblemException a 400 if there are several, or it is not well-formed
     */
    static @Nullable IdempotencyKey parse(Enumeration<String> headers) {
        if (!headers.hasMoreElements()) {
            return null;
        }
        String value = headers.nextElement();
        if (headers.hasMoreElements()) {
            throw malformed("Expected one Idempotency-Key header but got several.");
        }
        if (value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")) {
            value = value.substring(1, value.length() - 1);
        }
        if (value.isEmpty() || value.length() > MAX_LENGTH || !value.chars().allMatch(IdempotencyKey::mayStandInKey)) {
            throw malformed("Expected an Idempotency-Key of 1 to 255 visible ASCII characters but spaces and quotes.");
        }
        return new IdempotencyKey(value);
    }

    private static boolean mayStandInKey(int c) {
        return c > ' ' && c < 0x7f && c != '"';
    }

    private static ProblemException malformed(String detail) {
        return ProblemException.invalid(
                List.of(Violation.ofRequest("INVALID_IDEMPOTENCY_KEY", detail)));
    }

    /** A 409: the first request with this key is still being handled. */
    public static ProblemException inFlight() {
        return new ProblemException(
                        ProblemType.KEY_IN_FLIGHT,
                        "The first request with this Idempotency-Key is still being handled; ask again in a second.")
                .with("Retry-After", "1");
    }

    /** A 422: the key belongs to another request. */
    public static ProblemException reused() {
        return new ProblemException(
                ProblemType.KEY_REUSED,
                "This Idempotency-Key was used with another body; use a new key for a new request.");
    }
}
