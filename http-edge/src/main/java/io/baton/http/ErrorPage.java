package io.baton.http;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Where the container sends requests that failed outside of Spring MVC, in a filter or in the container itself. */
final class ErrorPage extends HttpServlet {

    static final String PATH = "/error";

    private final transient ProblemWriter writer;

    ErrorPage(ProblemWriter writer) {
        this.writer = writer;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        writer.write(problem(request), request, response);
    }

    private static ProblemException problem(HttpServletRequest request) {
        Object failure = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
        if (failure instanceof ServletException wrapped && wrapped.getRootCause() != null) {
            failure = wrapped.getRootCause();
        }
        if (failure instanceof Throwable throwable) {
            return Problems.explain(throwable);
        }
        // Without a status, somebody has asked for this page itself.
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        return Problems.ofStatus(status instanceof Integer number ? number : 404);
    }
}
