package io.baton.http.access;

import io.baton.http.ProblemException;
import io.baton.http.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Limits how many requests are in progress at once, whoever sends them, and refuses those beyond at once with a 503.
 * Virtual threads are without number, but what each request holds while it waits for the database fills the memory, and
 * then the process ends for everybody. Outside of the security filters, so that refusing costs next to nothing. Probes
 * are not counted: an instance that is busy is not to be restarted.
 */
final class CrowdFilter extends OncePerRequestFilter {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Semaphore places;
    private final ProblemWriter problems;

    CrowdFilter(int atOnce, ProblemWriter problems) {
        this.places = new Semaphore(atOnce);
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return RateLimitFilter.isProbe(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!places.tryAcquire()) {
            problems.write(
                    ProblemException.unavailable(
                            "Too many requests are being handled; nothing was changed.", RETRY_AFTER),
                    request, response);
            return;
        }
        try {
            chain.doFilter(request, response);
        } finally {
            places.release();
        }
    }
}
