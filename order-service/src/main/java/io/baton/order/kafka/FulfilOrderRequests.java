package io.baton.order.kafka;

import io.baton.contract.MessageHeaders;
import io.baton.contract.Topics;
import io.baton.contract.order.DeliveryAddress;
import io.baton.contract.order.FulfilOrder;
import io.baton.contract.order.OrderLine;
import io.baton.messaging.Outbox;
import io.baton.messaging.OutgoingMessage;
import io.baton.order.Address;
import io.baton.order.FulfilmentRequests;
import io.baton.order.NewOrder;
import io.baton.order.PaymentMethod;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Asks the orchestrator for sagas: one {@link FulfilOrder} for each order, all of a flush in one outbox row. */
@Component
class FulfilOrderRequests implements FulfilmentRequests {

    private final Outbox outbox;
    private final @Nullable Tracer tracer;

    FulfilOrderRequests(Outbox outbox, ObjectProvider<Tracer> tracer) {
        this.outbox = outbox;
        this.tracer = tracer.getIfAvailable();
    }

    private record Prepared(OutgoingMessage message) implements Request {}

    @Override
    public Request of(NewOrder order) {
        String id = order.id().toString();
        return new Prepared(new OutgoingMessage(Topics.SAGA_REQUESTS, id, id + "/FulfilOrder", body(order), trace()));
    }

    @Override
    public void send(List<Request> requests) {
        List<OutgoingMessage> messages = new ArrayList<>(requests.size());
        for (Request request : requests) {
            messages.add(((Prepared) request).message);
        }
        outbox.send(messages);
    }

    private static FulfilOrder body(NewOrder order) {
        return new FulfilOrder(
                order.id(),
                order.customerId(),
                order.lines().stream()
                        .map(line -> new OrderLine(line.sku(), line.quantity()))
                        .toList(),
                order.total(),
                method(order.paymentMethod()),
                order.cardToken(),
                address(order.deliveryAddress()),
                order.placedAt());
    }

    private static io.baton.contract.order.PaymentMethod method(PaymentMethod method) {
        return switch (method) {
            case WALLET -> io.baton.contract.order.PaymentMethod.WALLET;
            case CARD -> io.baton.contract.order.PaymentMethod.CARD;
        };
    }

    private static DeliveryAddress address(Address address) {
        return new DeliveryAddress(
                address.name(),
                address.line1(),
                address.line2(),
                address.city(),
                address.postalCode(),
                address.country());
    }

    /** The flush belongs to many requests, so each message carries the trace of its own. */
    private Map<String, String> trace() {
        Span span = tracer == null ? null : tracer.currentSpan();
        if (span == null) {
            return Map.of();
        }
        TraceContext context = span.context();
        String sampled = Boolean.TRUE.equals(context.sampled()) ? "01" : "00";
        return Map.of(
                MessageHeaders.TRACE_PARENT, "00-" + context.traceId() + "-" + context.spanId() + "-" + sampled);
    }
}
