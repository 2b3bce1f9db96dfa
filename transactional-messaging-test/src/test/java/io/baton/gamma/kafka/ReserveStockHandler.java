package io.baton.gamma.kafka;

import io.baton.contract.Money;
import io.baton.contract.inventory.ReserveStock;
import io.baton.contract.inventory.StockReserved;
import io.baton.gamma.Holding;
import io.baton.messaging.Answer;
import io.baton.messaging.CommandContext;
import io.baton.messaging.CommandHandler;

class ReserveStockHandler implements CommandHandler<ReserveStock> {

    private final Holding holding;

    ReserveStockHandler(Holding holding) {
        this.holding = holding;
    }

    @Override
    public Class<ReserveStock> commandType() {
        return ReserveStock.class;
    }

    @Override
    public Answer handle(ReserveStock command, CommandContext context) {
        holding.hold(new Money(1, "EUR"));
        return Answer.done(new StockReserved(command.orderId()));
    }
}
