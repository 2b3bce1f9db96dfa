package io.baton.http;

import java.util.function.BiConsumer;

/**
 * What every answer says to browsers: this is data, not a page; keep no copy. Written here and not by Spring Security,
 * so that answers which never reach its filters have them too.
 */
final class SecurityHeaders {

    private SecurityHeaders() {}

    /** @param isSecure whether the request came by TLS; only then may a browser be told to come by nothing else */
    static void set(boolean isSecure, BiConsumer<String, String> header) {
        if (isSecure) {
            header.accept("Strict-Transport-Security", "max-age=31536000");
        }
        header.accept("X-Content-Type-Options", "nosniff");
        header.accept("Cache-Control", "no-store");
        header.accept("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
        header.accept("X-Frame-Options", "DENY");
        header.accept("Referrer-Policy", "no-referrer");
    }
}
