package io.baton.delivery.kafka;

import io.baton.contract.RefusalCode;
import io.baton.contract.delivery.DeliveryRefused;
import io.baton.contract.delivery.DeliveryScheduled;
import io.baton.contract.delivery.ScheduleDelivery;
import io.baton.contract.order.DeliveryAddress;
import io.baton.delivery.Address;
import io.baton.delivery.DeliveryScheduling;
import io.baton.delivery.ScheduleResult;
import io.baton.messaging.Answer;
import io.baton.messaging.CommandContext;
import io.baton.messaging.CommandHandler;
import java.util.List;
import org.springframework.stereotype.Component;

/** Schedules for a saga. */
@Component
class ScheduleDeliveryHandler implements CommandHandler<ScheduleDelivery> {

    private final DeliveryScheduling scheduling;

    ScheduleDeliveryHandler(DeliveryScheduling scheduling) {
        this.scheduling = scheduling;
    }

    @Override
    public Class<ScheduleDelivery> commandType() {
        return ScheduleDelivery.class;
    }

    @Override
    public void prepare(List<ScheduleDelivery> commands) {
        scheduling.announce(commands.stream().map(ScheduleDelivery::orderId).toList());
    }

    @Override
    public Answer handle(ScheduleDelivery command, CommandContext context) {
        return switch (scheduling.schedule(command.orderId(), address(command.address()))) {
            case ScheduleResult.Scheduled(String deliveryId) ->
                Answer.done(new DeliveryScheduled(command.orderId(), deliveryId));
            case ScheduleResult.NotServed(String message) ->
                Answer.refused(new DeliveryRefused(command.orderId(), RefusalCode.ADDRESS_NOT_SERVED, message));
            case ScheduleResult.Cancelled(String message) ->
                Answer.refused(new DeliveryRefused(command.orderId(), RefusalCode.CANCELLED_BY_CUSTOMER, message));
        };
    }

    private static Address address(DeliveryAddress address) {
        return new Address(
                address.name(),
                address.line1(),
                address.line2(),
                address.city(),
                address.postalCode(),
                address.country());
    }
}
