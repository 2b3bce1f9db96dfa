package io.baton.orchestrator.saga;

import java.time.Instant;

/** The machine, or one with a planted bug in its place. */
@FunctionalInterface
interface Machine {

    Decision decide(SagaDefinition<?> definition, Saga saga, SagaInput input, Instant now, double jitter);
}
