package io.baton.messaging;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Handles whatever arrives on some topics as whole batches: for code that is itself a piece of messaging, as a saga
 * machine is. Participants use {@link CommandHandler} and {@link EventHandler}.
 */
public interface BatchHandler {

    /** The topics to read; no two batch handlers of an application share one. */
    Set<String> topics();

    /**
     * Handles the messages, in the order in which each partition has them, in the transaction that is open. Exceptions
     * are treated as with {@link CommandHandler}; after one, the same messages come again, perhaps fewer at a time.
     *
     * @param now the database's time at the start of the transaction
     */
    void handle(List<IncomingMessage> batch, Instant now, BatchOutput output);
}
