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
 * Has orders delivered where we deliver.
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

    /** Loads by one query what the open transaction is going to {@link #schedule}. */
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
            case SCHEDULED -> new Scheduled(Objects.requireNonNull(delivery.deliveryId()));
            case REFUSED -> new NotServed("We do not deliver to " + delivery.country());
        };
    }

    @Transactional(readOnly = true)
    public Optional<Delivery> find(OrderId orderId) {
        return deliveries.findById(orderId.value());
    }
}
