package io.baton.inventory;

import io.baton.contract.OrderId;
import java.util.List;

/**
 * The wish that all lines be put aside for an order.
 *
 * @param lines one per SKU, in the order of the SKUs, however they were given; never empty
 */
public record ReservationRequest(OrderId orderId, List<StockLine> lines) {

    /** @throws IllegalArgumentException if there is no line */
    public ReservationRequest {
        lines = StockLine.merged(lines);
    }
}
