package io.baton.messaging;

import java.util.List;

/**
 * Hears one kind of event, inside the batch's transaction. A copy of an event may come again, and an older one after a
 * newer one; handling it must then change nothing.
 *
 * @param <E> the event's record
 */
public interface EventHandler<E extends Record> {

    /** The record class, which {@link io.baton.contract.Contract} knows. */
    Class<E> eventType();

    /** Exceptions are treated as with {@link CommandHandler}. */
    void handle(E event);

    /** The place to load in one query what the events need; as {@link CommandHandler#prepare}. */
    default void prepare(List<E> events) {}
}
