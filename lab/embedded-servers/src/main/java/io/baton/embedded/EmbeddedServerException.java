package io.baton.embedded;

import org.jspecify.annotations.Nullable;

/** A server could not be started, stopped or used; the message says why and, where somebody can act, what to do. */
public final class EmbeddedServerException extends RuntimeException {

    public EmbeddedServerException(String message) {
        super(message);
    }

    public EmbeddedServerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
