package io.baton.order.kafka;

import io.baton.contract.order.CancelOrder;
import io.baton.messaging.Answer;
import io.baton.messaging.CommandContext;
import io.baton.messaging.CommandHandler;
import io.baton.order.CancellationReason;
import io.baton.order.OrderEnding;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Cancels for the saga that could not fulfil an order, as its compensation, and for the one that undid a completed
 * order, as its action.
 */
@Component
class CancelOrderHandler implements CommandHandler<CancelOrder> {

    private final OrderEnding ending;
    private final OrderAnswers answers;

    CancelOrderHandler(OrderEnding ending, OrderAnswers answers) {
        this.ending = ending;
        this.answers = answers;
    }

    @Override
    public Class<CancelOrder> commandType() {
        return CancelOrder.class;
    }

    @Override
    public void prepare(List<CancelOrder> commands) {
        ending.prepare(commands.stream().map(CancelOrder::orderId).toList());
    }

    @Override
    public Answer handle(CancelOrder command, CommandContext context) {
        CancellationReason reason = new CancellationReason(command.code(), command.step(), command.message());
        return answers.answer(
                switch (context.key().direction()) {
                    case ACTION -> ending.cancelCompleted(command.orderId(), reason, context.now());
                    case COMPENSATION -> ending.cancel(command.orderId(), reason, context.now());
                });
    }

    @Override
    public boolean isActionGiven() {
        return true;
    }
}
