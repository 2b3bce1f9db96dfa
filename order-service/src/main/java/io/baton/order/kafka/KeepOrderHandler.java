package io.baton.order.kafka;

import io.baton.contract.order.KeepOrder;
import io.baton.contract.order.OrderKept;
import io.baton.messaging.Answer;
import io.baton.messaging.CommandContext;
import io.baton.messaging.CommandHandler;
import io.baton.order.Keeping;
import io.baton.order.OrderCancellation;
import java.time.Duration;
import java.util.List;
import org.springframework.stereotype.Component;

@Component
class KeepOrderHandler implements CommandHandler<KeepOrder> {

    private final OrderCancellation cancellation;

    KeepOrderHandler(OrderCancellation cancellation) {
        this.cancellation = cancellation;
    }

    @Override
    public Class<KeepOrder> commandType() {
        return KeepOrder.class;
    }

    @Override
    public void prepare(List<KeepOrder> commands) {
        cancellation.prepare(commands.stream().map(KeepOrder::orderId).toList());
    }

    @Override
    public Answer handle(KeepOrder command, CommandContext context) {
        return switch (cancellation.keep(command.orderId(), command.code(), command.message(), context.now())) {
            case Keeping.Kept() -> Answer.done(new OrderKept(command.orderId()));
            case Keeping.CancelledAlready() -> Answer.failed(
                    "ORDER_ALREADY_CANCELLED", "The order has ended the other way", Duration.ZERO);
            case Keeping.NoSuchOrder() -> Answer.failed(
                    "ORDER_UNKNOWN", "There is no order with this id", Duration.ZERO);
        };
    }

    @Override
    public boolean isActionGiven() {
        return true;
    }
}
