package io.baton.delivery;

import io.baton.contract.OrderId;
import io.baton.delivery.ScheduleResult.NotServed;
import io.baton.delivery.ScheduleResult.Scheduled;
import java.time.Clock;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Has orders delivered where we deliver, until they are dispatched or it is cancelled.
 *
 * <p>Idempotent by order id: the same order again gets the first answer, whatever the address, and nothing changes.
 * Each method joins the transaction that is open, or runs in one of its own.
 */
@Service
@Transactional
public class DeliveryScheduling {

    private final Deliveries deliveries;
    private final ObjectProvider<LoadedDeliveries> loadedDeliveries;
    private final DeliveryProperties properties;
    private final Clock clock;

    DeliveryScheduling(
            Deliveries deliveries,
            ObjectProvider<LoadedDeliveries> loadedDeliveries,
            DeliveryProperties properties,
            Clock clock) {
        this.deliveries = deliveries;
        this.loadedDeliveries = loadedDeliveries;
        this.properties = properties;
        this.clock = clock;
    }

    /** Loads and locks by one query what the open transaction is going to {@link #schedule} or {@link #cancel}. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void announce(Collection<OrderId> orderIds) {
        loadedDeliveries.getObject().load(orderIds);
    }

    /** Schedules the order's delivery, or decides for good that there is none. */
    public ScheduleResult schedule(OrderId orderId, Address address) {
        LoadedDeliveries loaded = loadedDeliveries.getObject();
        Delivery delivery = loaded.of(orderId);
        if (delivery == null) {
            delivery = properties.serves(address.country())
                    ? Delivery.scheduled(orderId, address, clock.instant())
                    : Delivery.refused(orderId, address.country(), clock.instant());
            loaded.add(delivery);
        }
        return switch (delivery.status()) {
            case SCHEDULED, DISPATCHED -> new Scheduled(Objects.requireNonNull(delivery.deliveryId()));
            case REFUSED -> new NotServed(notServed(delivery));
            case CANCELLED -> new ScheduleResult.Cancelled("The delivery was cancelled");
        };
    }

    /** Sees to it that nothing is brought, unless it is on its way. For an order that nobody asked for too. */
    public CancelResult cancel(OrderId orderId) {
        LoadedDeliveries loaded = loadedDeliveries.getObject();
        Delivery delivery = loaded.of(orderId);
        if (delivery == null) {
            loaded.add(Delivery.cancelledBeforeScheduled(orderId, clock.instant()));
            return new CancelResult.Cancelled();
        }
        return switch (delivery.status()) {
            case SCHEDULED -> {
                delivery.becomeCancelled(clock.instant());
                yield new CancelResult.Cancelled();
            }
            case REFUSED, CANCELLED -> new CancelResult.Cancelled();
            case DISPATCHED -> new CancelResult.AlreadyDispatched("The order is on its way");
        };
    }

    /** The delivery leaves the house. From here on it cannot be cancelled. */
    public DispatchResult dispatch(OrderId orderId) {
        Delivery delivery = loadedDeliveries.getObject().of(orderId);
        if (delivery == null) {
            return new DispatchResult.Unknown();
        }
        return switch (delivery.status()) {
            case SCHEDULED -> {
                delivery.becomeDispatched(clock.instant());
                yield new DispatchResult.Dispatched(delivery);
            }
            case DISPATCHED -> new DispatchResult.Dispatched(delivery);
            case CANCELLED -> new DispatchResult.Cancelled();
            case REFUSED -> new DispatchResult.NotServed(notServed(delivery));
        };
    }

    private static String notServed(Delivery delivery) {
        return "We do not deliver to " + delivery.country();
    }

    @Transactional(readOnly = true)
    public Optional<Delivery> find(OrderId orderId) {
        return deliveries.findById(orderId.value());
    }
}
