package io.baton.http;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.catalina.connector.ClientAbortException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

/** The one place where a request that failed inside Spring MVC gets its answer. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ProblemAdvice {

    private static final MediaType PROBLEM_JSON = MediaType.parseMediaType(Problem.MEDIA_TYPE);

    @ExceptionHandler
    @Nullable ResponseEntity<Problem> answer(Exception failure, HttpServletRequest request) throws Exception {
        return switch (failure) {
            // Whoever reads these is outside of Spring MVC: the security filters, which answer 401 and 403.
            case AccessDeniedException denied -> throw denied;
            case AuthenticationException unknown -> throw unknown;
            // The client has gone; nobody is there to read an answer.
            case AsyncRequestNotUsableException gone -> null;
            case ClientAbortException gone -> null;
            default -> {
                ProblemException problem = Problems.explain(failure);
                ResponseEntity.BodyBuilder answer =
                        ResponseEntity.status(problem.type().status()).contentType(PROBLEM_JSON);
                problem.headers().forEach(answer::header);
                yield answer.body(ProblemWriter.body(problem, request));
            }
        };
    }
}
