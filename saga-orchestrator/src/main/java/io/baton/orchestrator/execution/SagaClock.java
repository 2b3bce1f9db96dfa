package io.baton.orchestrator.execution;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A saga's own time. It stands still while the saga is paused or a command of it is held back, so that neither its
 * timeouts nor its deadline run meanwhile: the saga is told the time at which its clock stopped, and once the clock goes
 * again, everything that it remembers, its start included, is later by as long as the clock stood.
 *
 * @param isPaused whether an operator holds everything that the saga says; then the clock stands still
 * @param stoppedAt null while the clock goes
 * @param stoodStill how long it stood before that
 */
public record SagaClock(boolean isPaused, @Nullable Instant stoppedAt, Duration stoodStill) {

    static final SagaClock NEVER_STOPPED = new SagaClock(false, null, Duration.ZERO);

    public boolean isStopped() {
        return stoppedAt != null;
    }

    /** What the saga takes for now. */
    Instant at(Instant now) {
        return stoppedAt != null && stoppedAt.isBefore(now) ? stoppedAt : now;
    }

    SagaClock stopped(Instant at) {
        return stoppedAt != null ? this : new SagaClock(isPaused, at, stoodStill);
    }
}
