package io.baton.orchestrator.saga;

import java.time.Instant;

/** How far one step is. Attempts count the sends in one direction, from 1. */
public sealed interface Progress {

    /** The newest attempt that was sent in the step's direction; 0 where none is of interest any more. */
    default int attempt() {
        return 0;
    }

    /** Nothing was sent. */
    record Pending() implements Progress {}

    /** The action was sent, or its outcome asked for, and is not answered. */
    record Sent(int attempt, Instant at) implements Progress {}

    /** The action failed for a technical reason and will be sent again. */
    record Failed(int attempt, Instant resendAt) implements Progress {}

    /** Nothing more is sent, and whether the action took effect is not known; it is treated as if it had. */
    record Unknown(int attempt) implements Progress {}

    /** The action took effect. */
    record Done() implements Progress {}

    /** The action was refused and had no effect. */
    record Refused() implements Progress {}

    /** The compensation was sent and is not answered. */
    record Compensating(int attempt, Instant at) implements Progress {}

    /** The compensation failed for a technical reason and will be sent again. */
    record CompensationFailed(int attempt, Instant resendAt) implements Progress {}

    /** The compensation took effect, or found nothing to undo. */
    record Compensated() implements Progress {}

    /** An operator took it upon himself: the action counts as done, or the compensation as not needed. */
    record Skipped() implements Progress {}

    /** The same for every step that was never begun. */
    Progress PENDING = new Pending();
}
