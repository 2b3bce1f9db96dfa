package io.baton.order.kafka;

import io.baton.contract.CancelSaga;
import io.baton.contract.OrderId;
import io.baton.contract.RefusalCode;
import io.baton.contract.Topics;
import io.baton.contract.order.CancelCompletedOrder;
import io.baton.messaging.Outbox;
import io.baton.messaging.OutgoingMessage;
import io.baton.order.Cancellation;
import io.baton.order.CancellationRequests;
import io.baton.order.OrderSnapshot;
import org.springframework.stereotype.Component;

/** Asks the orchestrator to undo the saga that fulfils an order, or to start the one that undoes a completed order. */
@Component
class CancelOrderRequests implements CancellationRequests {

    /** The saga that {@link io.baton.contract.order.FulfilOrder} starts. */
    static final String FULFILMENT = "order-fulfilment";

    /** Not the customer's own words, which may be about persons and would stay in topics and in other databases. */
    private static final String REASON = "The customer no longer wants it.";

    private final Outbox outbox;

    CancelOrderRequests(Outbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public void send(OrderSnapshot order, Cancellation.Subject of) {
        Record body = body(order.id(), of);
        String id = order.id().toString();
        // One order may have several wishes, each of its own version.
        String messageId = id + "/" + body.getClass().getSimpleName() + "/" + order.version();
        outbox.send(new OutgoingMessage(Topics.SAGA_REQUESTS, id, messageId, body));
    }

    private static Record body(OrderId id, Cancellation.Subject of) {
        return switch (of) {
            case FULFILMENT -> new CancelSaga(FULFILMENT, RefusalCode.CANCELLED_BY_CUSTOMER, REASON);
            case COMPLETED_ORDER -> new CancelCompletedOrder(id, RefusalCode.CANCELLED_BY_CUSTOMER, REASON);
        };
    }
}
