package io.baton.order.kafka;

import io.baton.contract.OrderId;
import io.baton.contract.Topics;
import io.baton.contract.order.FulfilOrder;
import io.baton.messaging.BatchHandler;
import io.baton.messaging.BatchOutput;
import io.baton.messaging.IncomingMessage;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.springframework.boot.test.context.TestComponent;

/** Listens to every request, in the place of an orchestrator. */
@TestComponent
public class SagaRequests implements BatchHandler {

    private final List<IncomingMessage> heard = new CopyOnWriteArrayList<>();

    @Override
    public Set<String> topics() {
        return Set.of(Topics.SAGA_REQUESTS);
    }

    @Override
    public void handle(List<IncomingMessage> batch, Instant now, BatchOutput output) {
        heard.addAll(batch);
    }

    /** What was asked about the order beyond its fulfilment, in the order in which it was said. */
    List<Record> about(OrderId order) {
        return messagesAbout(order).map(IncomingMessage::body).toList();
    }

    /** The ids of the same. */
    List<String> idsAbout(OrderId order) {
        return messagesAbout(order).map(IncomingMessage::id).toList();
    }

    private Stream<IncomingMessage> messagesAbout(OrderId order) {
        return heard.stream()
                .filter(message -> message.key().equals(order.toString()) && !(message.body() instanceof FulfilOrder));
    }
}
