package io.baton.http.access;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What no secret may be: missing, short, or one that stands in examples. */
final class Secrets {

    static final int SHORTEST = 12;

    private static final Set<String> SAMPLES = Set.of(
            "password", "changeme", "secret", "operator", "admin", "baton", "123456", "postgres", "database", "training",
            "viewer");

    /** Those of this project's own demonstration and image build. */
    private static final Set<String> DEMONSTRATION = Set.of(
            "demo-operator-password", "demo-viewer-password", "demo-database-password", "demo-owner-password",
            "demo-superuser-password", "training-password");

    private Secrets() {}

    /**
     * Null if it can be used, else what is wrong with it, to be put behind "The operator's password ".
     *
     * @param demo whether the demonstration's own are allowed
     */
    static @Nullable String trouble(@Nullable String secret, boolean demo) {
        if (secret == null || secret.isBlank()) {
            return "is missing.";
        }
        if (DEMONSTRATION.contains(secret)) {
            return demo ? null : "is that of the demonstration, which everybody knows.";
        }
        if (secret.length() < SHORTEST) {
            return "is too short.";
        }
        String rest = secret.toLowerCase(Locale.ROOT);
        for (String sample : SAMPLES) {
            rest = rest.replace(sample, "");
        }
        // Nothing but words that everybody tries, and what people put around them.
        boolean isSample = rest.length() < secret.length() && rest.chars().noneMatch(Character::isLetter)
                || secret.chars().distinct().count() < 4;
        return isSample ? "is one that everybody tries first." : null;
    }
}
