package io.baton.order;

import java.util.List;

/** How an order's saga is asked for. */
public interface FulfilmentRequests {

    /** One request, ready to be said. */
    interface Request {}

    /** Makes the request on the thread of the customer's call, whose trace the saga continues. */
    Request of(NewOrder order);

    /** Says the requests in the transaction that is open: they are heard if and only if it commits. */
    void send(List<Request> requests);
}
