package io.baton.http.access;

/** A setting that guards something cannot be used; the start ends with what to set. Its text never holds a secret. */
final class UnfitSettingException extends RuntimeException {

    private final String action;

    UnfitSettingException(String message, String action) {
        super(message);
        this.action = action;
    }

    String action() {
        return action;
    }
}
