package io.baton.http.operator;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The operator's credentials. There is no default: a service does not start without them.
 *
 * @param user not blank, no colon (HTTP Basic could not carry it)
 * @param password at least 12 characters, and none that stands in every example
 */
@ConfigurationProperties("baton.operator")
record OperatorProperties(@Nullable String user, @Nullable String password) {

    static final int SHORTEST_PASSWORD = 12;

    private static final Set<String> SAMPLES =
            Set.of("password", "changeme", "secret", "operator", "admin", "baton", "123456");

    /** @throws UnfitOperatorException if they are missing or too easy to guess; its text never holds the password */
    String requiredUser() {
        if (user == null || user.isBlank()) {
            throw new UnfitOperatorException("The operator's user name is missing.",
                    "Set baton.operator.user (environment variable BATON_OPERATOR_USER).");
        }
        if (user.indexOf(':') >= 0) {
            throw new UnfitOperatorException("The operator's user name holds a colon, which HTTP Basic cannot carry.",
                    "Set baton.operator.user (environment variable BATON_OPERATOR_USER) to a name without one.");
        }
        return user;
    }

    /** The same for the password. */
    String requiredPassword() {
        String action = "Set baton.operator.password (environment variable BATON_OPERATOR_PASSWORD) to at least "
                + SHORTEST_PASSWORD + " characters that nobody can guess.";
        if (password == null || password.isBlank()) {
            throw new UnfitOperatorException("The operator's password is missing.", action);
        }
        if (password.length() < SHORTEST_PASSWORD) {
            throw new UnfitOperatorException("The operator's password is too short.", action);
        }
        String letters = password.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+$|^[^a-z]+", "");
        if (SAMPLES.contains(letters) || SAMPLES.stream().anyMatch(sample -> password.toLowerCase(Locale.ROOT)
                .replace(sample, "").isEmpty()) || password.chars().distinct().count() < 4) {
            throw new UnfitOperatorException("The operator's password is one that everybody tries first.", action);
        }
        return password;
    }

    @Override
    public String toString() {
        return "OperatorProperties[user=" + user + "]";
    }
}
