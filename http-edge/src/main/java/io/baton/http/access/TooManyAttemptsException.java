package io.baton.http.access;

import java.time.Duration;
import org.springframework.security.core.AuthenticationException;

/** Somebody guesses credentials; the next attempt is looked at after {@link #waitFor()}. */
final class TooManyAttemptsException extends AuthenticationException {

    private final transient Duration wait;

    TooManyAttemptsException(Duration wait) {
        super("Too many wrong credentials");
        this.wait = wait;
    }

    Duration waitFor() {
        return wait;
    }
}
