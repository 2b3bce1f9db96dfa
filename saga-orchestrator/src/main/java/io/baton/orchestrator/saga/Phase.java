package io.baton.orchestrator.saga;

/** Where a saga is on its way. */
public enum Phase {
    /** Its steps are being done. */
    FORWARD,
    /** What was done, or may have been done, is being undone in reverse. */
    COMPENSATING,
    /** Every step is done. Final. */
    COMPLETED,
    /** Nothing is left of it. Final. */
    COMPENSATED,
    /** Nothing more happens by itself, except that the answer it lacks may still come. What it holds stays held. */
    STUCK;

    public boolean isFinal() {
        return this == COMPLETED || this == COMPENSATED;
    }

    /** Whether it goes on by itself. */
    public boolean isMoving() {
        return this == FORWARD || this == COMPENSATING;
    }
}
