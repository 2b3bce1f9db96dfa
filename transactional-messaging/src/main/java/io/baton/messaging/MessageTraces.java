package io.baton.messaging;

import io.baton.contract.MessageHeaders;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Carries one W3C trace through every message. A message that is sampled gets a span of its own while it is handled; all
 * others pass their trace parent on untouched, which costs nothing.
 */
final class MessageTraces {

    private static final String SAMPLED = "-01";

    private final @Nullable Tracer tracer;
    private final Map<String, Span> open = new HashMap<>();

    MessageTraces(@Nullable Tracer tracer) {
        this.tracer = tracer;
    }

    /** The trace parent of whatever this thread is doing, outside of batches; null if nothing is traced. */
    static @Nullable String current(@Nullable Tracer tracer) {
        Span span = tracer == null ? null : tracer.currentSpan();
        return span == null ? null : traceParent(span.context());
    }

    /** Opens a span for a sampled message; one thread opens and closes the spans of a batch. */
    void open(IncomingMessage message) {
        String parent = message.headerOrNull(MessageHeaders.TRACE_PARENT);
        if (tracer == null || parent == null || !isSampled(parent)) {
            return;
        }
        Span span = tracer.spanBuilder()
                .setParent(context(tracer, parent))
                .kind(Span.Kind.CONSUMER)
                .name("handle " + message.type().name())
                .tag("messaging.destination.name", message.topic())
                .start();
        open.put(message.position(), span);
    }

    /** The trace parent for what a message caused. */
    @Nullable String parentFor(IncomingMessage cause) {
        Span span = open.get(cause.position());
        return span == null ? cause.headerOrNull(MessageHeaders.TRACE_PARENT) : traceParent(span.context());
    }

    /** Closes the batch's spans. */
    void close() {
        open.values().forEach(Span::end);
        open.clear();
    }

    static boolean isSampled(String traceParent) {
        return traceParent.length() == 55 && traceParent.endsWith(SAMPLED);
    }

    /** What a sampled trace parent says. */
    static TraceContext context(Tracer tracer, String traceParent) {
        return tracer.traceContextBuilder()
                .traceId(traceParent.substring(3, 35))
                .spanId(traceParent.substring(36, 52))
                .sampled(true)
                .build();
    }

    static String traceParent(TraceContext context) {
        return "00-" + context.traceId() + "-" + context.spanId()
                + (Boolean.TRUE.equals(context.sampled()) ? SAMPLED : "-00");
    }
}
