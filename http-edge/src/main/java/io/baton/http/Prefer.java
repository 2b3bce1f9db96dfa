package io.baton.http;

import java.time.Duration;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for in {@code Prefer} headers (RFC 7240). A preference that is unknown or not well-formed is
 * ignored, as the RFC demands. A controller method may have a parameter of this type.
 *
 * @param waitSeconds the {@code wait} preference as it was sent, or {@code null} if there is none
 */
public record Prefer(@Nullable Integer waitSeconds) {

    /** No client keeps a connection waiting longer. */
    public static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private static final Prefer NOTHING = new Prefer(null);

    /** For how long to wait at most; zero if the client did not ask. */
    public Duration waitAtMost() {
        return waitSeconds == null
                ? Duration.ZERO
                : Duration.ofSeconds(Math.min(waitSeconds, LONGEST_WAIT.toSeconds()));
    }

    static Prefer parse(Enumeration<String> headers) {
        while (headers.hasMoreElements()) {
            for (String preference : headers.nextElement().split(",", 32)) {
                Integer seconds = waitOf(preference.strip());
                if (seconds != null) {
                    // The first one counts (RFC 7240, section 2).
                    return new Prefer(seconds);
                }
            }
        }
        return NOTHING;
    }

    private static @Nullable Integer waitOf(String preference) {
        int semicolon = preference.indexOf(';');
        String token = semicolon < 0 ? preference : preference.substring(0, semicolon);
        int equals = token.indexOf('=');
        if (equals < 0 || !token.substring(0, equals).strip().equalsIgnoreCase("wait")) {
            return null;
        }
        String value = token.substring(equals + 1).strip();
        if (value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")) {
            value = value.substring(1, value.length() - 1);
        }
        if (value.isEmpty() || value.length() > 9 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        return Integer.valueOf(value);
    }
}
