package io.baton.http;

import java.util.Map;

/**
 * What the answers under one path say to browsers instead of {@link SecurityHeaders}, because they are a page and not
 * data. A bean of this type is honoured on both ports.
 *
 * @param path as in {@code /actuator/sagaconsole}; counts for exactly this path and what lies below it
 * @param headers by name; the ones that are not named stay as they are
 */
public record PageHeaders(String path, Map<String, String> headers) {

    boolean covers(String requestPath) {
        return requestPath.startsWith(path)
                && (requestPath.length() == path.length() || requestPath.charAt(path.length()) == '/');
    }
}
