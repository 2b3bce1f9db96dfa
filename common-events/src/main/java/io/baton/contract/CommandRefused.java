package io.baton.contract;

/**
 * A command that a participant's messaging refused before any handler saw it, because its compensation had come first.
 *
 * @param code {@code CANCELLED_BEFORE_EXECUTION}; earlier versions of participants also said {@code EXPIRED}
 * @param message one sentence for an operator
 */
public record CommandRefused(String code, String message) {}
