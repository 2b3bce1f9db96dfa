package io.baton.payment;

import io.baton.contract.OrderId;

/**
 * Tells commands what became of what they asked for, in the transaction that records it. Telling a command twice
 * changes nothing.
 */
public interface WaitingCommands {

    void charged(String command, OrderId orderId);

    /** Nothing was taken. */
    void refused(String command, OrderId orderId, String code, String message);

    void refunded(String command, OrderId orderId);
}
