package io.baton.messaging;

import java.util.List;

/**
 * Says messages as part of the current transaction: they are sent after its commit, at least once, and never if it
 * rolls back.
 *
 * <p>Inside a batch of a consumer they are stored with the batch's position. Elsewhere (a request, a timer, an
 * operator) all messages of one transaction are stored as one row, which is deleted when the broker has them; after a
 * crash, another instance finds the row and sends it.
 */
public interface Outbox {

    /**
     * Messages with the same key are sent in the order in which they are given. They may also be given in a callback
     * before the commit; in one after it they are sent, but not stored first, and the log complains.
     *
     * @throws IllegalStateException if no transaction is open; nothing is sent
     * @throws IllegalArgumentException if the contract does not allow the message on its topic; nothing is sent
     */
    void send(List<OutgoingMessage> messages);

    /** The same for one message. */
    default void send(OutgoingMessage message) {
        send(List.of(message));
    }
}
