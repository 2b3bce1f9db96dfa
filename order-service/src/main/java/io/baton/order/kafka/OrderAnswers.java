package io.baton.order.kafka;

import io.baton.contract.Topics;
import io.baton.contract.order.OrderCancelled;
import io.baton.contract.order.OrderCompleted;
import io.baton.contract.order.OrderOutcome;
import io.baton.messaging.Answer;
import io.baton.messaging.Outbox;
import io.baton.messaging.OutgoingMessage;
import io.baton.order.EndedOrder;
import io.baton.order.Ending;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Turns an order's end into the reply for its saga and the event for everybody. */
@Component
class OrderAnswers {

    private final Outbox outbox;

    OrderAnswers(Outbox outbox) {
        this.outbox = outbox;
    }

    /** The saga hears a failure where an order cannot end as it wishes: somebody has to look at that. */
    Answer answer(Ending ending) {
        return switch (ending) {
            case Ending.Ended(var order) -> {
                OrderOutcome outcome = outcome(order);
                String id = order.id().toString();
                outbox.send(new OutgoingMessage(
                        Topics.ORDER_EVENTS, id, id + "/" + order.status(), (Record) outcome));
                yield Answer.done(outcome);
            }
            case Ending.EndedOtherwise(var status) ->
                Answer.failed("ORDER_ALREADY_" + status, "The order has ended the other way", Duration.ZERO);
            case Ending.NotEnded() ->
                Answer.failed("ORDER_NOT_COMPLETED", "The order has not ended yet", Duration.ZERO);
            case Ending.NoSuchOrder() ->
                Answer.failed("ORDER_UNKNOWN", "There is no order with this id", Duration.ZERO);
        };
    }

    private static OrderOutcome outcome(EndedOrder order) {
        return order.reason() == null
                ? new OrderCompleted(order.id())
                : new OrderCancelled(order.id(), order.reason().code());
    }
}
