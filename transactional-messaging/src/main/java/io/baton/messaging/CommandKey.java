package io.baton.messaging;

import io.baton.contract.SagaId;

/**
 * The identity of a command, the same for every attempt to send it: what participants remember outcomes by, and what
 * an outside system is given as idempotency key.
 *
 * @param step the step's name in its saga's definition
 */
public record CommandKey(SagaId sagaId, String step, Direction direction) {

    /** As {@code 0D4J2K…/payment/ACTION}: short, printable, the same every time. */
    @Override
    public String toString() {
        return sagaId + "/" + step + "/" + direction;
    }
}
