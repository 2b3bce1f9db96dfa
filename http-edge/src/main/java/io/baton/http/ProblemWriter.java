package io.baton.http;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import tools.jackson.databind.json.JsonMapper;

/** Writes problems where no controller is involved: filters, error pages, security. */
public final class ProblemWriter {

    private final JsonMapper mapper;

    public ProblemWriter(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** Answers with the problem; does nothing if the answer has already begun. */
    public void write(ProblemException problem, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        SecurityHeaders.set(request.isSecure(), response::setHeader);
        byte[] body = mapper.writeValueAsString(body(problem, request)).getBytes(StandardCharsets.UTF_8);
        response.setStatus(problem.type().status());
        problem.headers().forEach(response::setHeader);
        response.setContentType(Problem.MEDIA_TYPE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    static Problem body(ProblemException problem, HttpServletRequest request) {
        return Problem.of(problem, instance(request), MDC.get("traceId"));
    }

    /**
     * The path as it was sent, escapes and all, so that nothing in it can take effect here; not when it is very long.
     */
    private static @Nullable String instance(HttpServletRequest request) {
        Object original = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        String path = original instanceof String text ? text : request.getRequestURI();
        return path == null || path.length() > 1000 ? null : path;
    }
}
