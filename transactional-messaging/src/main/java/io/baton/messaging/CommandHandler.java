package io.baton.messaging;

import java.util.List;

/**
 * Carries out one kind of command. A bean of this type is all that a participant needs: the messaging finds it by
 * {@link #commandType}, reads the topics on which such commands stand, calls it inside the batch's transaction,
 * remembers its answer under the command's key and sends the reply after the commit.
 *
 * <p>A handler sees each command key at most once in effect, so it needs no duplicate check of its own. For a
 * compensation it is called only when the action took effect here, or is under way ({@link Answer.Later}).
 *
 * <p>It must not call outside systems: the transaction is shared by the whole batch. An exception means that the
 * transaction failed, never a business "no": if the database is in trouble the batch waits, otherwise the record that
 * causes it is found by bisecting and becomes a dead letter. An {@link Error} is treated alike, except that the
 * consumer ends, and is made anew, when the virtual machine itself is in trouble ({@link OutOfMemoryError}).
 *
 * @param <C> the command's record
 */
public interface CommandHandler<C extends Record> {

    /** The record class, which {@link io.baton.contract.Contract} knows. */
    Class<C> commandType();

    /** Does the command's work with JPA or JDBC in the transaction that is open. */
    Answer handle(C command, CommandContext context);

    /**
     * Called once per batch, before anything in it is handled (commands and events alike), with the commands that will
     * be handled: the place to load (and lock, in key order) in one query what they need. Loading nothing is correct,
     * only slower. Where several handlers lock rows of one table, each says here what it will need, and the first use
     * locks it all by one query: two queries, each in key order, are not in key order together.
     */
    default void prepare(List<C> commands) {}

    /**
     * Whether the commands undo what no command did: a compensation of a step that was already done when its saga
     * began, as the order itself was. Such a compensation is handled although no action was ever heard of.
     */
    default boolean isActionGiven() {
        return false;
    }
}
