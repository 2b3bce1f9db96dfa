package io.baton.messaging;

/** Takes what a batch has to say. It is stored with the batch's position and sent after the commit. */
public interface BatchOutput {

    /**
     * Says {@code message}, which {@code cause} led to: it continues the cause's trace, and is sent again by whoever
     * reads the cause's partition next, should this process die before the broker has it.
     */
    void send(IncomingMessage cause, OutgoingMessage message);

    /** Says {@code message} because a record was put aside; it is sent again like any other. */
    void send(ParkedRecord cause, OutgoingMessage message);

    /**
     * Puts a message aside as a dead letter: its bytes, headers and origin go to {@code <topic>-dlt}.
     *
     * @param reason one sentence for an operator
     */
    void park(IncomingMessage message, String reason);
}
