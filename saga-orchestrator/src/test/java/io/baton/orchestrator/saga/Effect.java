package io.baton.orchestrator.saga;

/**
 * What a participant knows of one step: what came of the command is remembered under its key, which is the same for all
 * attempts, and an action that comes after its compensation is refused.
 */
enum Effect {
    NONE,
    DONE,
    /** Refused for good. */
    REFUSED,
    /** Done, and then undone. */
    UNDONE,
    /** The compensation came first, and the action will be refused. */
    TOMBSTONE;

    private static final Effect[] ALL = values();

    static Effect at(int ordinal) {
        return ALL[ordinal];
    }

    /** What the participant answers to the action from memory; a negative number if it must do it first. */
    int remembered() {
        return switch (this) {
            case NONE -> -1;
            case DONE, UNDONE -> Message.DONE;
            case REFUSED, TOMBSTONE -> Message.REFUSED;
        };
    }

    /** What is known once the compensation has been carried out. */
    Effect undone() {
        return switch (this) {
            case NONE -> TOMBSTONE;
            case DONE -> UNDONE;
            case REFUSED, UNDONE, TOMBSTONE -> this;
        };
    }
}
