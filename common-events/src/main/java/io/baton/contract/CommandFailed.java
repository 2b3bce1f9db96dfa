package io.baton.contract;

/**
 * A command that could not be carried out for a technical reason, this time. Nothing was done; sending it again may
 * succeed.
 *
 * @param code machine-readable
 * @param message one sentence for an operator
 * @param retryAfterMillis how long to wait at least before it is sent again; 0 if the participant does not say
 */
public record CommandFailed(String code, String message, long retryAfterMillis) {}
