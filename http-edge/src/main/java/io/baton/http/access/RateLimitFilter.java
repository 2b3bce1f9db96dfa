package io.baton.http.access;

import io.baton.http.ProblemException;
import io.baton.http.ProblemType;
import io.baton.http.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Limits how often one caller may ask. The address is that of the connection: a header that says otherwise counts only
 * where the deployment trusts a proxy ({@code server.forward-headers-strategy}). Probes are not counted, since an
 * instance that does not answer them is restarted.
 */
final class RateLimitFilter extends OncePerRequestFilter {

    private static final Set<String> PROBES = Set.of("/livez", "/readyz");

    private final Buckets buckets;
    private final ProblemWriter problems;

    RateLimitFilter(Buckets buckets, ProblemWriter problems) {
        this.buckets = buckets;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return isProbe(request);
    }

    static boolean isProbe(HttpServletRequest request) {
        return PROBES.contains(request.getRequestURI());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Duration wait = buckets.take(caller(request));
        if (wait.isPositive()) {
            problems.write(tooMany("You ask for more than one caller may; wait as Retry-After says.", wait),
                    request, response);
            return;
        }
        chain.doFilter(request, response);
    }

    static ProblemException tooMany(String detail, Duration wait) {
        return new ProblemException(ProblemType.TOO_MANY_REQUESTS, detail)
                .with("Retry-After", Long.toString(wait.toSeconds() + 1));
    }

    private static String caller(HttpServletRequest request) {
        Authentication known = SecurityContextHolder.getContext().getAuthentication();
        return known == null || known instanceof AnonymousAuthenticationToken
                ? "address " + request.getRemoteAddr()
                : known.getClass().getSimpleName() + " " + known.getName();
    }
}
