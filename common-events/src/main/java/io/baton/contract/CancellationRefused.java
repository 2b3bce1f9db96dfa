package io.baton.contract;

/**
 * A wish to cancel that came too late, or was about no saga. Nothing was changed. What the saga is about is the record's
 * key.
 *
 * @param definition the name of the saga's definition
 * @param message why, in one sentence
 */
public record CancellationRefused(String definition, String message) {}
