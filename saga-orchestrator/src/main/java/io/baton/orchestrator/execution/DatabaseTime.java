package io.baton.orchestrator.execution;

import java.time.Instant;

/** The time by which sagas live: the database's, so that instances with different clocks agree. */
@FunctionalInterface
public interface DatabaseTime {

    /** The time at the start of the current transaction, or of the statement that asks. */
    Instant now();
}
