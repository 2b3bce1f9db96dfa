package io.baton.inventory.kafka;

import io.baton.contract.inventory.ReleaseStock;
import io.baton.contract.inventory.StockReleased;
import io.baton.inventory.ReleaseResult;
import io.baton.inventory.StockReservation;
import io.baton.messaging.Answer;
import io.baton.messaging.CommandContext;
import io.baton.messaging.CommandHandler;
import java.time.Duration;
import java.util.List;
import org.springframework.stereotype.Component;

/** Releases for a saga that is being undone. */
@Component
class ReleaseStockHandler implements CommandHandler<ReleaseStock> {

    private final StockReservation stock;

    ReleaseStockHandler(StockReservation stock) {
        this.stock = stock;
    }

    @Override
    public Class<ReleaseStock> commandType() {
        return ReleaseStock.class;
    }

    @Override
    public void prepare(List<ReleaseStock> commands) {
        stock.announceChanges(commands.stream().map(ReleaseStock::orderId).toList());
    }

    @Override
    public Answer handle(ReleaseStock command, CommandContext context) {
        return switch (stock.release(command.orderId())) {
            case ReleaseResult.Released released -> Answer.done(new StockReleased(command.orderId()));
            // A compensation has no business "no". Failing until its attempts are spent brings an operator to it.
            case ReleaseResult.AlreadyShipped(String message) ->
                Answer.failed("ALREADY_SHIPPED", message, Duration.ZERO);
        };
    }
}
