package io.baton.inventory.rest;

import io.baton.contract.OrderId;
import io.baton.inventory.Reservation;
import java.util.List;

/**
 * A reservation as clients read it.
 *
 * @param status as {@link Reservation.Status}
 * @param items one per SKU, in the order of the SKUs
 */
record ReservationBody(OrderId orderId, Reservation.Status status, List<Item> items) {

    record Item(String sku, long quantity) {}

    static ReservationBody of(Reservation reservation) {
        return new ReservationBody(
                reservation.orderId(),
                reservation.status(),
                reservation.lines().stream()
                        .map(line -> new Item(line.sku(), line.quantity()))
                        .toList());
    }
}
