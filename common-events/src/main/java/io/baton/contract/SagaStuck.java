package io.baton.contract;

/**
 * A saga needs a person: it does not go on by itself, and what it holds stays held. Said once each time it gets stuck.
 *
 * @param definition the name of its definition
 * @param version its definition's version
 * @param going {@code ACTION} if it was going forward, {@code COMPENSATION} if it was being undone
 * @param code machine-readable reason
 * @param step where; empty if no step is to blame
 * @param message one sentence for an operator
 */
public record SagaStuck(
        SagaId sagaId, String definition, int version, String going, String code, String step, String message) {}
