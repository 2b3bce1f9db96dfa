package io.baton.delivery;

import io.baton.contract.OrderId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Scope;
import org.springframework.stereotype.Component;

/** The deliveries that one transaction works on, each looked for and locked once, whether there is one or not. */
@Component
@Scope("transaction")
class LoadedDeliveries {

    private final Deliveries deliveries;

    /** Null for an order that has none. */
    private final Map<Long, @Nullable Delivery> byOrder = new HashMap<>();

    LoadedDeliveries(Deliveries deliveries) {
        this.deliveries = deliveries;
    }

    void load(Collection<OrderId> orderIds) {
        Long[] unknown = orderIds.stream()
                .map(OrderId::value)
                .filter(orderId -> !byOrder.containsKey(orderId))
                .distinct()
                .toArray(Long[]::new);
        for (Long orderId : unknown) {
            byOrder.put(orderId, null);
        }
        if (unknown.length == 0) {
            return;
        }
        deliveries.lock(unknown).forEach(delivery -> byOrder.put(delivery.getId(), delivery));
    }

    @Nullable Delivery of(OrderId orderId) {
        load(Set.of(orderId));
        return byOrder.get(orderId.value());
    }

    void add(Delivery delivery) {
        byOrder.put(delivery.getId(), deliveries.save(delivery));
    }
}
