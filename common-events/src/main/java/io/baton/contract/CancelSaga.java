package io.baton.contract;

/**
 * The wish that a saga under way be undone. What the saga is about is the record's key. It is undone as soon as nothing
 * is under way of which it is not known whether it happened; if it is too late for that, {@link CancellationRefused}
 * says so.
 *
 * @param definition the name of the saga's definition, as {@code order-fulfilment}
 * @param code machine-readable
 * @param message the reason in one sentence, without personal data
 */
public record CancelSaga(String definition, String code, String message) {}
