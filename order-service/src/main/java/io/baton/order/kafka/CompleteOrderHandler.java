package io.baton.order.kafka;

import io.baton.contract.order.CompleteOrder;
import io.baton.messaging.Answer;
import io.baton.messaging.CommandContext;
import io.baton.messaging.CommandHandler;
import io.baton.order.OrderEnding;
import java.util.List;
import org.springframework.stereotype.Component;

@Component
class CompleteOrderHandler implements CommandHandler<CompleteOrder> {

    private final OrderEnding ending;
    private final OrderAnswers answers;

    CompleteOrderHandler(OrderEnding ending, OrderAnswers answers) {
        this.ending = ending;
        this.answers = answers;
    }

    @Override
    public Class<CompleteOrder> commandType() {
        return CompleteOrder.class;
    }

    @Override
    public void prepare(List<CompleteOrder> commands) {
        ending.prepare(commands.stream().map(CompleteOrder::orderId).toList());
    }

    @Override
    public Answer handle(CompleteOrder command, CommandContext context) {
        return answers.answer(ending.complete(command.orderId(), context.now()));
    }
}
