package io.baton.delivery.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.baton.contract.OrderId;
import io.baton.delivery.Address;
import io.baton.delivery.Delivery;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as clients read it.
 *
 * @param deliveryId absent when nothing was scheduled
 * @param country absent when it was cancelled before anybody asked for it
 * @param address personal data: present only for the operator
 * @param endedAt when it was dispatched or cancelled; absent before
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DeliveryBody(
        OrderId orderId,
        @Nullable String deliveryId,
        Delivery.Status status,
        @Nullable String country,
        @Nullable Address address,
        Instant decidedAt,
        @Nullable Instant endedAt) {

    static DeliveryBody of(Delivery delivery, boolean withPersonalData) {
        return new DeliveryBody(
                delivery.orderId(),
                delivery.deliveryId(),
                delivery.status(),
                delivery.country(),
                withPersonalData ? delivery.address() : null,
                delivery.decidedAt(),
                delivery.endedAt());
    }
}
