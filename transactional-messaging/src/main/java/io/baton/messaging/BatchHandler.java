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
     * Makes ready to handle the messages, and returns what handles them. It is called for every batch handler that has
     * a share of the batch before any share is handled, always in the same order, so that what handlers lock together
     * is known before anything is locked. Until then, nothing may be changed. Most need not override it.
     */
    default Runnable prepare(List<IncomingMessage> batch, Instant now, BatchOutput output) {
        return () -> handle(batch, now, output);
    }

    /**
     * Handles the messages, in the order in which each partition has them, in the transaction that is open. Exceptions
     * are treated as with {@link CommandHandler}; after one, the same messages come again, perhaps fewer at a time.
     *
     * @param now the database's time at the start of the transaction
     */
    void handle(List<IncomingMessage> batch, Instant now, BatchOutput output);

    /**
     * Called in the transaction that puts a record of these topics aside because it cannot be decoded, or because its
     * handling failed; not for what the handler parked itself. An exception is not fatal: the record is put aside without
     * this call then.
     *
     * @param now the database's time at the start of the transaction
     */
    default void parked(ParkedRecord record, Instant now, BatchOutput output) {}
}
