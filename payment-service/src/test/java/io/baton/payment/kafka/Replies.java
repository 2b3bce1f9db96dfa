package io.baton.payment.kafka;

import io.baton.contract.MessageHeaders;
import io.baton.contract.Topics;
import io.baton.messaging.BatchHandler;
import io.baton.messaging.BatchOutput;
import io.baton.messaging.IncomingMessage;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.test.context.TestComponent;

/** Listens to every reply, in the place of an orchestrator. */
@TestComponent
public class Replies implements BatchHandler {

    private final List<IncomingMessage> heard = new CopyOnWriteArrayList<>();

    @Override
    public Set<String> topics() {
        return Set.of(Topics.SAGA_REPLIES);
    }

    @Override
    public void handle(List<IncomingMessage> batch, Instant now, BatchOutput output) {
        heard.addAll(batch);
    }

    /** The replies to this command, in the order in which they were said. */
    List<IncomingMessage> to(String sagaId, String direction) {
        return heard.stream()
                .filter(message -> message.header(MessageHeaders.SAGA_ID).equals(sagaId)
                        && message.header(MessageHeaders.DIRECTION).equals(direction))
                .toList();
    }
}
