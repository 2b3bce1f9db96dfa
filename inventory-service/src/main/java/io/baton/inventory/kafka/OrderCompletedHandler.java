package io.baton.inventory.kafka;

import io.baton.contract.order.OrderCompleted;
import io.baton.inventory.StockReservation;
import io.baton.messaging.EventHandler;
import java.util.List;
import org.springframework.stereotype.Component;

/** The goods of a completed order leave the house. An order that did not reserve here is none of our business. */
@Component
class OrderCompletedHandler implements EventHandler<OrderCompleted> {

    private final StockReservation stock;

    OrderCompletedHandler(StockReservation stock) {
        this.stock = stock;
    }

    @Override
    public Class<OrderCompleted> eventType() {
        return OrderCompleted.class;
    }

    @Override
    public void prepare(List<OrderCompleted> events) {
        stock.announceChanges(events.stream().map(OrderCompleted::orderId).toList());
    }

    @Override
    public void handle(OrderCompleted event) {
        stock.ship(event.orderId());
    }
}
