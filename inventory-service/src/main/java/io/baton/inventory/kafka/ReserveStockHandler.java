package io.baton.inventory.kafka;

import io.baton.contract.RefusalCode;
import io.baton.contract.inventory.ReserveStock;
import io.baton.contract.inventory.StockRefused;
import io.baton.contract.inventory.StockReserved;
import io.baton.inventory.ReservationRequest;
import io.baton.inventory.ReserveResult;
import io.baton.inventory.StockLine;
import io.baton.inventory.StockReservation;
import io.baton.messaging.Answer;
import io.baton.messaging.CommandContext;
import io.baton.messaging.CommandHandler;
import java.util.List;
import org.springframework.stereotype.Component;

/** Reserves for a saga. */
@Component
class ReserveStockHandler implements CommandHandler<ReserveStock> {

    private final StockReservation stock;

    ReserveStockHandler(StockReservation stock) {
        this.stock = stock;
    }

    @Override
    public Class<ReserveStock> commandType() {
        return ReserveStock.class;
    }

    @Override
    public void prepare(List<ReserveStock> commands) {
        stock.announceReservations(
                commands.stream().map(ReserveStockHandler::request).toList());
    }

    @Override
    public Answer handle(ReserveStock command, CommandContext context) {
        return switch (stock.reserve(request(command))) {
            case ReserveResult.Held held -> Answer.done(new StockReserved(command.orderId()));
            case ReserveResult.OutOfStock(String message) -> refused(command, message);
            case ReserveResult.Released(String message) -> refused(command, message);
            case ReserveResult.Different(String message) -> refused(command, message);
        };
    }

    /** The saga only needs to know that it gets no stock; the message says why. */
    private static Answer refused(ReserveStock command, String message) {
        return Answer.refused(new StockRefused(command.orderId(), RefusalCode.OUT_OF_STOCK, message));
    }

    private static ReservationRequest request(ReserveStock command) {
        return new ReservationRequest(
                command.orderId(),
                command.lines().stream()
                        .map(line -> new StockLine(line.sku(), line.quantity()))
                        .toList());
    }
}
