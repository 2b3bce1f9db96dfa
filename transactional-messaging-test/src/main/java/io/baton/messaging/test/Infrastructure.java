package io.baton.messaging.test;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/** Where the servers of a test run come from: the one switch, and what may be said to it. */
enum Infrastructure {
    /** {@link #DOCKER} if an engine answers and has the images, {@link #EMBEDDED} if none does. */
    AUTO,
    /** Containers; a run without an engine fails. */
    DOCKER,
    /** Processes on this machine; no engine is looked for. */
    EMBEDDED;

    static final String PROPERTY = "baton.test.infrastructure";
    static final String VARIABLE = "BATON_TEST_INFRASTRUCTURE";

    /**
     * What was asked for: the system property before the environment variable, {@link #AUTO} where neither is set.
     *
     * @throws IllegalArgumentException if the word is none of the three
     */
    static Infrastructure requested(Properties properties, Map<String, String> environment) {
        String word = properties.getProperty(PROPERTY, "");
        if (word.isBlank()) {
            word = environment.getOrDefault(VARIABLE, "");
        }
        if (word.isBlank()) {
            return AUTO;
        }
        String wanted = word.strip().toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(choice -> choice.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "Set -D" + PROPERTY + " (or " + VARIABLE + ") to auto, docker or embedded, not to " + wanted));
    }
}
