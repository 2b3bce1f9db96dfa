package io.baton.orchestrator.saga;

/** What a step means for the way back. */
public enum StepKind {
    /** Can be undone by its compensation; stands before the pivot. */
    COMPENSABLE,
    /** The point of no return: once it is done, the saga only goes forward. Exactly one per definition. */
    PIVOT,
    /** Cannot be refused, is repeated until it is done; stands after the pivot. */
    RETRIABLE
}
