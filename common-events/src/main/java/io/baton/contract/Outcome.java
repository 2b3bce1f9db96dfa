package io.baton.contract;

/** What a participant answers to a command. Each participant seals its own family of outcomes. */
public interface Outcome {

    /** The order that the command was about. */
    OrderId orderId();
}
