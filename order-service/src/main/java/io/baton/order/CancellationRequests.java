package io.baton.order;

/** How it is asked for that an order be undone, in the transaction that is open: heard if and only if it commits. */
public interface CancellationRequests {

    void send(OrderSnapshot order, Cancellation.Subject of);
}
