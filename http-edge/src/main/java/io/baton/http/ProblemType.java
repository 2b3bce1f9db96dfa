package io.baton.http;

/**
 * A kind of problem. Its {@code type} member on the wire is {@code urn:baton:problem:<name>}, which clients may rely
 * on.
 *
 * @param name lower-case words joined by hyphens
 * @param status the HTTP status of every answer of this type
 * @param title the same sentence for every occurrence
 */
public record ProblemType(String name, int status, String title) {

    public static final ProblemType INVALID_REQUEST =
            new ProblemType("invalid-request", 400, "The request is not valid");
    public static final ProblemType MALFORMED_BODY =
            new ProblemType("malformed-body", 400, "The body is not one JSON document");
    public static final ProblemType CREDENTIALS_REQUIRED =
            new ProblemType("credentials-required", 401, "Valid credentials are required");
    public static final ProblemType FORBIDDEN = new ProblemType("forbidden", 403, "This is not allowed");
    public static final ProblemType NOT_FOUND = new ProblemType("not-found", 404, "There is nothing here");
    public static final ProblemType METHOD_NOT_ALLOWED =
            new ProblemType("method-not-allowed", 405, "The method is not allowed here");
    public static final ProblemType NOT_ACCEPTABLE =
            new ProblemType("not-acceptable", 406, "No representation that the client accepts");
    public static final ProblemType KEY_IN_FLIGHT =
            new ProblemType("idempotency-key-in-flight", 409, "The first request with this key is not finished");
    public static final ProblemType BODY_TOO_LARGE = new ProblemType("body-too-large", 413, "The body is too large");
    public static final ProblemType MEDIA_TYPE_NOT_SUPPORTED =
            new ProblemType("media-type-not-supported", 415, "The body's media type is not supported");
    public static final ProblemType KEY_REUSED =
            new ProblemType("idempotency-key-reused", 422, "The key was used with another request");
    public static final ProblemType TOO_MANY_REQUESTS =
            new ProblemType("too-many-requests", 429, "Too many requests");
    public static final ProblemType INTERNAL_ERROR =
            new ProblemType("internal-error", 500, "The service failed to answer");
    public static final ProblemType UNAVAILABLE =
            new ProblemType("unavailable", 503, "The service cannot answer right now");

    /** The value of the {@code type} member. */
    public String uri() {
        return "urn:baton:problem:" + name;
    }

    /** The code for programs that stands in {@code errors} when a problem has no violations of its own. */
    String code() {
        return name.replace('-', '_').toUpperCase(java.util.Locale.ROOT);
    }

    /** The type for a status that only a framework or the container chose. */
    static ProblemType ofStatus(int status) {
        return switch (status) {
            case 400 -> INVALID_REQUEST;
            case 401 -> CREDENTIALS_REQUIRED;
            case 403 -> FORBIDDEN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 413 -> BODY_TOO_LARGE;
            case 415 -> MEDIA_TYPE_NOT_SUPPORTED;
            case 429 -> TOO_MANY_REQUESTS;
            case 503 -> UNAVAILABLE;
            default -> status >= 500
                    ? new ProblemType("internal-error", status, INTERNAL_ERROR.title())
                    : new ProblemType("refused-" + status, status, "The request was refused");
        };
    }
}
