package io.baton.messaging;

import io.baton.contract.MessageHeaders;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Goes on with a trace that was stored. Work that no message and no request causes, as a timer's, has no trace of its
 * own: what it says belongs to the trace of what it is done for.
 */
public final class StoredTraces {

    private static final Pattern TRACE_PARENT = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private final @Nullable Tracer tracer;

    /** @param tracer null if nothing is traced here; traces are passed on all the same */
    public StoredTraces(@Nullable Tracer tracer) {
        this.tracer = tracer;
    }

    /** Whether the text is a trace parent of W3C's first version. */
    public static boolean isWellFormed(String traceParent) {
        return TRACE_PARENT.matcher(traceParent).matches();
    }

    /**
     * The messages, as part of the trace. Where it is sampled they are caused by a span of this name, a child of what
     * was stored; a span takes no time, since it stands for a decision in the middle of a transaction.
     *
     * @param traceParent what was stored; null if there was nothing
     */
    public List<OutgoingMessage> goOn(
            @Nullable String traceParent, String name, List<OutgoingMessage> messages) {
        if (traceParent == null) {
            return messages;
        }
        String parent = traceParent;
        if (tracer != null && MessageTraces.isSampled(traceParent)) {
            Span span = tracer.spanBuilder()
                    .setParent(MessageTraces.context(tracer, traceParent))
                    .kind(Span.Kind.PRODUCER)
                    .name(name)
                    .start();
            parent = MessageTraces.traceParent(span.context());
            span.end();
        }
        String header = parent;
        return messages.stream().map(message -> with(message, header)).toList();
    }

    private static OutgoingMessage with(OutgoingMessage message, String traceParent) {
        Map<String, String> headers = new HashMap<>(message.headers());
        headers.put(MessageHeaders.TRACE_PARENT, traceParent);
        return new OutgoingMessage(message.topic(), message.key(), message.id(), message.body(), headers);
    }
}
