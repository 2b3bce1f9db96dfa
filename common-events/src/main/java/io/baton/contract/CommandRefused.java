package io.baton.contract;

/**
 * A command that a participant's messaging refused before any handler saw it: its expiry had passed, or its
 * compensation had come first.
 *
 * @param code {@code EXPIRED} or {@code CANCELLED_BEFORE_EXECUTION}
 * @param message one sentence for an operator
 */
public record CommandRefused(String code, String message) {}
