package io.baton.order.kafka;

import io.baton.contract.CancellationRefused;
import io.baton.contract.OrderId;
import io.baton.contract.Topics;
import io.baton.messaging.BatchHandler;
import io.baton.messaging.BatchOutput;
import io.baton.messaging.IncomingMessage;
import io.baton.order.OrderCancellation;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Hears that a fulfilment cannot be undone. A batch handler, because which order it is about stands in the record's key
 * and not in the event. Why is said in the orchestrator's words, which are not for customers, and is left there.
 */
@Component
class CancellationRefusals implements BatchHandler {

    private final OrderCancellation cancellation;

    CancellationRefusals(OrderCancellation cancellation) {
        this.cancellation = cancellation;
    }

    @Override
    public Set<String> topics() {
        return Set.of(Topics.SAGA_EVENTS);
    }

    @Override
    public void handle(List<IncomingMessage> batch, Instant now, BatchOutput output) {
        Set<OrderId> refused = new LinkedHashSet<>();
        for (IncomingMessage message : batch) {
            if (message.body() instanceof CancellationRefused(String definition, _)
                    && definition.equals(CancelOrderRequests.FULFILMENT)) {
                try {
                    refused.add(OrderId.parse(message.key()));
                } catch (IllegalArgumentException e) {
                    output.park(message, "Expected an order id as key");
                }
            }
        }
        if (refused.isEmpty()) {
            return;
        }
        cancellation.prepare(refused);
        refused.forEach(order -> cancellation.refuse(order, now));
    }
}
