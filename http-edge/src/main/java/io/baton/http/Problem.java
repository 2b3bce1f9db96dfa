package io.baton.http;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of every answer that is an error: RFC 9457 problem details.
 *
 * @param instance the path of the request
 * @param errors what is wrong, piece by piece; at least one entry when the request is to blame
 * @param traceId the trace in which the request was handled, if there is one
 * @param members what this occurrence says beyond the standard's members
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        @Nullable String instance,
        List<Violation> errors,
        @Nullable String traceId,
        @JsonAnyGetter Map<String, Object> members) {

    /** The media type of a problem. */
    public static final String MEDIA_TYPE = "application/problem+json";

    static Problem of(ProblemException cause, @Nullable String instance, @Nullable String traceId) {
        ProblemType type = cause.type();
        List<Violation> errors = cause.violations();
        if (errors.isEmpty() && type.status() < 500) {
            errors = List.of(Violation.ofRequest(type.code(), cause.detail()));
        }
        return new Problem(type.uri(), type.title(), type.status(), cause.detail(), instance, errors, traceId, cause.members());
    }
}
