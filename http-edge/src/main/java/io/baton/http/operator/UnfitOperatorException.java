package io.baton.http.operator;

/** The configured operator credentials cannot be used; the start ends with what to set. */
final class UnfitOperatorException extends RuntimeException {

    private final String action;

    UnfitOperatorException(String message, String action) {
        super(message);
        this.action = action;
    }

    String action() {
        return action;
    }
}
