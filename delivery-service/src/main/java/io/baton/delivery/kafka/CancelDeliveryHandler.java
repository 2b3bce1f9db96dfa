package io.baton.delivery.kafka;

import io.baton.contract.RefusalCode;
import io.baton.contract.delivery.CancelDelivery;
import io.baton.contract.delivery.DeliveryCancelled;
import io.baton.contract.delivery.DeliveryRefused;
import io.baton.delivery.CancelResult;
import io.baton.delivery.DeliveryScheduling;
import io.baton.messaging.Answer;
import io.baton.messaging.CommandContext;
import io.baton.messaging.CommandHandler;
import java.util.List;
import org.springframework.stereotype.Component;

/** Cancels for the saga that undoes a completed order. */
@Component
class CancelDeliveryHandler implements CommandHandler<CancelDelivery> {

    private final DeliveryScheduling scheduling;

    CancelDeliveryHandler(DeliveryScheduling scheduling) {
        this.scheduling = scheduling;
    }

    @Override
    public Class<CancelDelivery> commandType() {
        return CancelDelivery.class;
    }

    @Override
    public void prepare(List<CancelDelivery> commands) {
        scheduling.announce(commands.stream().map(CancelDelivery::orderId).toList());
    }

    @Override
    public Answer handle(CancelDelivery command, CommandContext context) {
        return switch (scheduling.cancel(command.orderId())) {
            case CancelResult.Cancelled() -> Answer.done(new DeliveryCancelled(command.orderId()));
            case CancelResult.AlreadyDispatched(String message) ->
                Answer.refused(new DeliveryRefused(command.orderId(), RefusalCode.ALREADY_SHIPPED, message));
        };
    }
}
