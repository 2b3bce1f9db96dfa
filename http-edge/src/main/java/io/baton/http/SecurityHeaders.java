package io.baton.http;

import java.util.function.BiConsumer;

/**
 * What every answer says to browsers: this is data, not a page; keep no copy. Written here and not by Spring Security,
 * so that answers which never reach its filters have them too.
 */
final class SecurityHeaders {

    private SecurityHeaders() {}

    static void set(BiConsumer<String, String> header) {
        header.accept("X-Content-Type-Options", "nosniff");
        header.accept("Cache-Control", "no-store");
        header.accept("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
        header.accept("X-Frame-Options", "DENY");
        header.accept("Referrer-Policy", "no-referrer");
    }
}
