package io.baton.http;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.coyote.BadRequestException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.validation.FieldError;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MultipartException;
import tools.jackson.core.JacksonException;

/** Turns whatever went wrong into the problem that the client gets. The last resort says nothing of the inside. */
final class Problems {

    private static final Logger log = LoggerFactory.getLogger(Problems.class);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private Problems() {}

    static ProblemException explain(Throwable failure) {
        return switch (failure) {
            case ProblemException problem -> problem;
            case HttpMessageNotReadableException unreadable -> unreadable(unreadable);
            case JacksonException json -> JsonTrouble.explain(json);
            case MethodArgumentNotValidException invalid -> invalid(invalid);
            case HandlerMethodValidationException invalid when invalid.getStatusCode().is4xxClientError() ->
                invalid(invalid.getAllErrors());
            case ConstraintViolationException invalid -> invalid(invalid);
            case MethodArgumentTypeMismatchException mismatch -> badRequest("WRONG_TYPE",
                    "Expected another value for " + mismatch.getName() + ".");
            case TypeMismatchException mismatch -> badRequest("WRONG_TYPE", "Expected another value in the request.");
            case ServletRequestBindingException missing ->
                badRequest("REQUIRED", "A header or parameter that this needs is missing or not well-formed.");
            case RequestRejectedException rejected -> ProblemException.malformedRequest();
            case MultipartException multipart ->
                badRequest("MALFORMED_REQUEST", "The multipart body is not well-formed.");
            case InvalidParameterException parameter ->
                badRequest("MALFORMED_REQUEST", "The query or the form is not well-formed.");
            case BadRequestException framing ->
                badRequest("MALFORMED_REQUEST", "The body's framing is not well-formed.");
            case SocketTimeoutException slow -> ofStatus(408).with("Connection", "close");
            case ErrorResponse response -> ofStatus(response);
            default -> unexpected(failure);
        };
    }

    /** The problem for a status about which nothing else is known. */
    static ProblemException ofStatus(int status) {
        ProblemType type = ProblemType.ofStatus(status);
        return new ProblemException(type, detail(type));
    }

    private static ProblemException ofStatus(ErrorResponse response) {
        ProblemException problem = ofStatus(response.getStatusCode().value());
        response.getHeaders().forEach((name, values) -> problem.with(name, String.join(", ", values)));
        return problem;
    }

    private static String detail(ProblemType type) {
        return switch (type.status()) {
            case 404 -> "This service has nothing at this path.";
            case 405 -> "The Allow header names the methods that this path knows.";
            case 406 -> "Accept application/json.";
            case 413 -> "Expected at most " + LimitedBody.MAX_BYTES + " bytes.";
            case 415 -> "Send the body as application/json.";
            case 503 -> "Nothing was changed; send the same request again later.";
            default -> type.status() >= 500
                    ? "This is not the request's fault; the service's log says more."
                    : "The request was refused.";
        };
    }

    private static ProblemException unreadable(HttpMessageNotReadableException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException problem) {
                return problem;
            }
            if (cause instanceof JacksonException json && !(json.getCause() instanceof ProblemException)) {
                return JsonTrouble.explain(json);
            }
        }
        String detail = "Expected a JSON document in the body.";
        return new ProblemException(
                ProblemType.MALFORMED_BODY, detail, List.of(Violation.ofRequest("REQUIRED", detail)));
    }

    private static ProblemException invalid(MethodArgumentNotValidException e) {
        List<Violation> violations = new ArrayList<>();
        for (FieldError error : e.getFieldErrors()) {
            violations.add(new Violation(pointer(error.getField()), code(error.getCode()), detail(error)));
        }
        e.getGlobalErrors().forEach(error -> violations.add(Violation.ofRequest(code(error.getCode()), detail(error))));
        return ProblemException.invalid(violations);
    }

    private static ProblemException invalid(List<? extends MessageSourceResolvable> errors) {
        return ProblemException.invalid(errors.stream()
                .map(error -> error instanceof FieldError field
                        ? new Violation(pointer(field.getField()), code(field.getCode()), detail(field))
                        : Violation.ofRequest(lastCode(error), detail(error)))
                .toList());
    }

    private static ProblemException invalid(ConstraintViolationException e) {
        List<Violation> violations = new ArrayList<>();
        for (ConstraintViolation<?> violation : e.getConstraintViolations()) {
            String path = violation.getPropertyPath().toString();
            String code = violation.getConstraintDescriptor().getAnnotation().annotationType().getSimpleName();
            violations.add(new Violation(pointer(path), code(code), "The value " + violation.getMessage() + "."));
        }
        return violations.isEmpty() ? ofStatus(400) : ProblemException.invalid(violations);
    }

    private static String lastCode(MessageSourceResolvable error) {
        String[] codes = error.getCodes();
        return codes == null || codes.length == 0 ? "INVALID" : code(codes[codes.length - 1]);
    }

    private static String detail(MessageSourceResolvable error) {
        String message = error.getDefaultMessage();
        return message == null ? "Expected another value." : "The value " + message + ".";
    }

    /** {@code items[0].quantity} as {@code /items/0/quantity}. */
    private static String pointer(String path) {
        return "/" + path.replace("~", "~0").replace("/", "~1").replace("].", "/").replace("]", "")
                .replace('[', '/').replace('.', '/');
    }

    /** {@code NotBlank} as {@code NOT_BLANK}. */
    private static String code(@Nullable String constraint) {
        return constraint == null
                ? "INVALID"
                : constraint.replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
    }

    private static ProblemException badRequest(String code, String detail) {
        return new ProblemException(ProblemType.INVALID_REQUEST, detail, List.of(Violation.ofRequest(code, detail)));
    }

    private static ProblemException unexpected(Throwable failure) {
        if (Infrastructure.isDown(failure)) {
            log.warn("Answering 503: {}", failure.toString());
            return ProblemException.unavailable(detail(ProblemType.UNAVAILABLE), RETRY_AFTER);
        }
        log.error("Answering 500", failure);
        return ofStatus(500);
    }
}
