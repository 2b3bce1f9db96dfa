package io.baton.order.kafka;

import io.baton.contract.CancellationRefused;
import io.baton.contract.OrderId;
import io.baton.contract.Topics;
import io.baton.messaging.BatchHandler;
import io.baton.messaging.BatchOutput;
import io.baton.messaging.IncomingMessage;
import io.baton.order.OrderCancellation;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Hears that a fulfilment cannot be undone any more. A batch handler, because which order it is about stands in the
 * record's key and not in the event.
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
        Map<OrderId, String> refused = new LinkedHashMap<>();
        for (IncomingMessage message : batch) {
            if (message.body() instanceof CancellationRefused(String definition, String why)
                    && definition.equals(CancelOrderRequests.FULFILMENT)) {
                try {
                    refused.putIfAbsent(OrderId.parse(message.key()), why);
                } catch (IllegalArgumentException e) {
                    output.park(message, "Expected an order id as key");
                }
            }
        }
        if (refused.isEmpty()) {
            return;
        }
        cancellation.prepare(refused.keySet());
        refused.forEach((order, why) -> cancellation.refuse(order, why, now));
    }
}
