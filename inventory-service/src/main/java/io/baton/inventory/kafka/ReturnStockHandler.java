package io.baton.inventory.kafka;

import io.baton.contract.inventory.ReturnStock;
import io.baton.contract.inventory.StockReturned;
import io.baton.inventory.StockReservation;
import io.baton.messaging.Answer;
import io.baton.messaging.CommandContext;
import io.baton.messaging.CommandHandler;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Takes back what a completed order took. That the order is completed may not have been heard here yet; then its
 * reservation is released, and the completion will find nothing to ship.
 */
@Component
class ReturnStockHandler implements CommandHandler<ReturnStock> {

    private final StockReservation stock;

    ReturnStockHandler(StockReservation stock) {
        this.stock = stock;
    }

    @Override
    public Class<ReturnStock> commandType() {
        return ReturnStock.class;
    }

    @Override
    public void prepare(List<ReturnStock> commands) {
        stock.announceChanges(commands.stream().map(ReturnStock::orderId).toList());
    }

    @Override
    public Answer handle(ReturnStock command, CommandContext context) {
        stock.takeBack(command.orderId());
        return Answer.done(new StockReturned(command.orderId()));
    }
}
