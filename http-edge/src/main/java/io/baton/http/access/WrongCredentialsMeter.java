package io.baton.http.access;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;

/**
 * Counts wrong passwords and tokens ({@code credentials.wrong}): many of them are somebody who guesses. Attempts that
 * were put off count too; a token that has expired does not, for every token does.
 */
final class WrongCredentialsMeter {

    private final Counter passwords;
    private final Counter tokens;

    WrongCredentialsMeter(MeterRegistry registry) {
        passwords = registry.counter("credentials.wrong", "kind", "password");
        tokens = registry.counter("credentials.wrong", "kind", "token");
    }

    void password() {
        passwords.increment();
    }

    /** Counts what was wrong with a token, if that was it. */
    void token(AuthenticationException failure) {
        if (failure instanceof InvalidBearerTokenException && !isExpiry(failure.getCause())) {
            tokens.increment();
        }
    }

    private static boolean isExpiry(@Nullable Throwable cause) {
        return cause instanceof JwtValidationException invalid
                && invalid.getErrors().stream()
                        .allMatch(error -> String.valueOf(error.getDescription()).startsWith("Jwt expired"));
    }
}
