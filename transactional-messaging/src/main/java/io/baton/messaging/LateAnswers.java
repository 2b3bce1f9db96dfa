package io.baton.messaging;

/** Gives the answer to a command whose handler said {@link Answer.Later}. */
public interface LateAnswers {

    /**
     * Remembers the answer and says the reply, in the current transaction, to the newest attempt that has arrived.
     * A second answer to the same command changes nothing and says nothing, so a resumed call may give it again.
     * {@link Answer.Failed} forgets that the command was begun, so that its next attempt reaches the handler anew.
     *
     * @throws IllegalStateException if no transaction is open, or if no such command was ever begun here
     * @throws IllegalArgumentException for {@link Answer.Later}
     */
    void answer(CommandKey key, Answer answer);
}
