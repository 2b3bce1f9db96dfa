package io.baton.lab.simulator;

import java.util.Map;

/**
 * What is sent back.
 *
 * @param body written as JSON
 */
record Answer(int status, Object body) {

    /** The JSON of every error: {@code {"error":{"code","message"}}}. */
    static Answer error(int status, String code, String message) {
        return new Answer(status, Map.of("error", Map.of("code", code, "message", message)));
    }
}
