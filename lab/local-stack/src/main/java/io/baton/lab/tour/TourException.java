package io.baton.lab.tour;

import org.jspecify.annotations.Nullable;

/** The tour cannot go on; the message says what was expected and what came. */
public final class TourException extends RuntimeException {

    TourException(String message) {
        super(message);
    }

    TourException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
