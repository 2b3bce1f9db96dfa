package io.baton.messaging;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.MDC;

/** Gives each event to its handler. Events that nobody here wants to hear are passed over. */
final class EventReceiver implements BatchHandler {

    /** By the wire names of their events, so that every instance prepares them in the same order. */
    private final Map<Class<?>, EventHandler<?>> handlers = new LinkedHashMap<>();

    private final Set<String> topics = new HashSet<>();

    /** @param repliesTopic where events stand too, as replies; it is not read for events */
    EventReceiver(List<EventHandler<?>> handlers, MessageCodec codec, String repliesTopic) {
        List<EventHandler<?>> sorted = new ArrayList<>(handlers);
        sorted.sort(Comparator.comparing(handler -> codec.typeOf(handler.eventType()).name()));
        for (EventHandler<?> handler : sorted) {
            if (this.handlers.put(handler.eventType(), handler) != null) {
                throw new IllegalStateException("Expected one handler for "
                        + handler.eventType().getSimpleName() + " but found two");
            }
            topics.addAll(codec.typeOf(handler.eventType()).topics());
        }
        topics.remove(repliesTopic);
    }

    @Override
    public Set<String> topics() {
        return topics;
    }

    @Override
    public Runnable prepare(List<IncomingMessage> batch, Instant now, BatchOutput output) {
        Map<EventHandler<?>, List<Record>> shares = new HashMap<>();
        for (IncomingMessage message : batch) {
            EventHandler<?> handler = handlers.get(message.type().body());
            if (handler != null) {
                shares.computeIfAbsent(handler, h -> new ArrayList<>()).add(message.body());
            }
        }
        for (EventHandler<?> handler : handlers.values()) {
            List<Record> share = shares.get(handler);
            if (share != null) {
                prepare(handler, share);
            }
        }
        return () -> handle(batch, (CollectedOutput) output);
    }

    @Override
    public void handle(List<IncomingMessage> batch, Instant now, BatchOutput output) {
        prepare(batch, now, output).run();
    }

    private void handle(List<IncomingMessage> batch, CollectedOutput collected) {
        try {
            for (IncomingMessage message : batch) {
                EventHandler<?> handler = handlers.get(message.type().body());
                if (handler != null) {
                    MDC.put("orderId", message.key());
                    collected.handling(message);
                    call(handler, message);
                }
            }
        } finally {
            MDC.remove("orderId");
            collected.handling(null);
        }
    }

    @SuppressWarnings("unchecked") // The lists hold what the handler's eventType() says.
    private <E extends Record> void prepare(EventHandler<E> handler, List<Record> bodies) {
        handler.prepare((List<E>) (List<?>) bodies);
    }

    private <E extends Record> void call(EventHandler<E> handler, IncomingMessage message) {
        handler.handle(handler.eventType().cast(message.body()));
    }
}
