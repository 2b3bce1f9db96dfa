package io.baton.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/**
 * The outermost thing that an answer passes: gives it the security headers, refuses bodies of more than 64 KB (by their
 * declared length at once, by what really arrives otherwise) and types that are none, and writes a problem where an
 * error came without a body. What {@link PageHeaders} says of a path comes on top.
 */
final class EdgeFilter implements Filter {

    private final ProblemWriter writer;
    private final List<PageHeaders> pages;

    EdgeFilter(ProblemWriter writer, List<PageHeaders> pages) {
        this.writer = writer;
        this.pages = pages;
    }

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        SecurityHeaders.set(request.isSecure(), response::setHeader);
        for (PageHeaders page : pages) {
            if (page.covers(request.getRequestURI())) {
                page.headers().forEach(response::setHeader);
            }
        }
        long length = request.getContentLengthLong();
        if (length > LimitedBody.MAX_BYTES) {
            writer.write(LimitedBody.tooLarge(), request, response);
            return;
        }
        String type = request.getContentType();
        if (type != null && type.indexOf('*') >= 0) {
            // A wildcard says what one accepts, not what one sends; Spring MVC would take it for its own mistake.
            writer.write(Problems.ofStatus(415), request, response);
            return;
        }
        boolean unknownLength = length < 0 && request.getHeader("Transfer-Encoding") != null;
        chain.doFilter(unknownLength ? new LimitedBody(request) : request, response);
        if (response.getStatus() >= 400 && response.getContentType() == null && !response.isCommitted()) {
            writer.write(Problems.ofStatus(response.getStatus()), request, response);
        }
    }
}
