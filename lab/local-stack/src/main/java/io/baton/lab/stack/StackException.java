package io.baton.lab.stack;

import org.jspecify.annotations.Nullable;

/** Something the person at the terminal has to know; the message stands alone, without a stack trace. */
public final class StackException extends RuntimeException {

    public StackException(String message) {
        super(message);
    }

    public StackException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
