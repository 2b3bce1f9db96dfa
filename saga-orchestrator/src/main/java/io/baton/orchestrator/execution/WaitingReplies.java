package io.baton.orchestrator.execution;

import java.time.Instant;
import java.util.Optional;

/**
 * Tells whether replies that had arrived were read. A timer must not fire for silence while the answer lies unread, as
 * after a long downtime.
 */
@FunctionalInterface
interface WaitingReplies {

    /**
     * A time for which every reply that the broker had then has been handled. Empty while that is not so, or not known.
     *
     * @param now the database's time
     */
    Optional<Instant> readUpTo(Instant now);
}
