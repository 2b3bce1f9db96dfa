package io.baton.orchestrator.saga;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What follows from an input. */
public sealed interface Decision {

    /**
     * The saga changes.
     *
     * @param commands to be sent once the change is saved, in this order
     * @param wakeUp when it must be looked at, if that is earlier than was known before the change; otherwise null.
     *     {@link Instant#MAX} means never again by itself
     */
    record Moved(Saga saga, List<CommandToSend> commands, LogEntry log, @Nullable Instant wakeUp)
            implements Decision {}

    /** Ordinary life: a late, repeated or early input. Nothing changes. */
    record Ignored(String why) implements Decision {}

    /** A wish that cannot be granted. Nothing changes. */
    record Refused(String why) implements Decision {}
}
