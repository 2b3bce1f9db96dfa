package io.baton.delivery.kafka;

import static io.baton.delivery.Fixture.newOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.OrderId;
import io.baton.contract.RefusalCode;
import io.baton.contract.delivery.CancelDelivery;
import io.baton.contract.delivery.DeliveryCancelled;
import io.baton.contract.delivery.DeliveryRefused;
import io.baton.contract.delivery.DeliveryScheduled;
import io.baton.contract.delivery.ScheduleDelivery;
import io.baton.contract.order.DeliveryAddress;
import io.baton.delivery.Address;
import io.baton.delivery.Delivery;
import io.baton.delivery.DeliveryScheduling;
import io.baton.delivery.DeliveryTest;
import io.baton.messaging.OutgoingMessage;
import io.baton.messaging.test.Answers;
import io.baton.messaging.test.ParticipantKit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

/** What a saga gets to hear when messages come twice, late and in the wrong order. */
@DeliveryTest
class DeliveryParticipantIT {

    @Autowired
    ApplicationContext application;

    @Autowired
    DeliveryScheduling scheduling;

    ParticipantKit kit;

    @BeforeEach
    void playTheSaga() {
        kit = ParticipantKit.of(application);
    }

    @Test
    void a_delivery_is_scheduled_once_however_often_it_is_asked_for() {
        OrderId order = newOrder();
        OutgoingMessage schedule = schedule(order, "DE");

        Answers answers = kit.deliver(schedule).duplicated(2).resent(1).crashingBeforeCommit().answers();

        assertThat(answers.replies()).hasSize(6);
        assertThat(answers.to(schedule)).isEqualTo(new DeliveryScheduled(order, "D-" + order));
        assertThat(scheduling.find(order).orElseThrow().address())
                .isEqualTo(new Address("Ada Lovelace", "12 Long Street", "Flat 3", "Springfield", "12345", "DE"));
    }

    @Test
    void a_country_that_is_not_served_is_refused_without_a_word_about_the_customer() {
        OrderId order = newOrder();
        OutgoingMessage schedule = schedule(order, "US");

        Answers answers = kit.deliver(schedule).resent(1).answers();

        assertThat(answers.outcomeOf(schedule)).isEqualTo("REFUSED");
        assertThat(answers.to(schedule))
                .isEqualTo(new DeliveryRefused(order, RefusalCode.ADDRESS_NOT_SERVED, "We do not deliver to US"));
    }

    @Test
    void a_command_past_its_expiry_schedules_nothing() {
        OrderId order = newOrder();
        OutgoingMessage schedule = ParticipantKit.expired(schedule(order, "DE"));

        assertThat(kit.deliver(schedule).answers().outcomeOf(schedule)).isEqualTo("FAILED");
        assertThat(scheduling.find(order)).isEmpty();
    }

    @Test
    void many_orders_in_any_order_get_one_delivery_each() {
        List<OutgoingMessage> commands = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            commands.add(schedule(newOrder(), i % 3 == 0 ? "US" : "DE"));
        }

        Answers answers = kit.deliver(commands.toArray(OutgoingMessage[]::new))
                .duplicated(1)
                .resent(1)
                .shuffled(42)
                .inBatchesOf(11)
                .crashingBeforeCommit()
                .answers();

        for (int i = 0; i < 30; i++) {
            assertThat(answers.outcomeOf(commands.get(i))).isEqualTo(i % 3 == 0 ? "REFUSED" : "DONE");
        }
    }

    @Test
    void a_delivery_is_cancelled_once_however_often_that_is_asked_for() {
        OrderId order = newOrder();
        OutgoingMessage cancel = cancel(order);

        Answers answers =
                kit.deliver(schedule(order, "DE"), cancel).duplicated(2).resent(1).crashingBeforeCommit().answers();

        assertThat(answers.to(cancel)).isEqualTo(new DeliveryCancelled(order));
        assertThat(scheduling.find(order).orElseThrow().status()).isEqualTo(Delivery.Status.CANCELLED);
    }

    @Test
    void what_is_on_its_way_is_not_cancelled_and_the_saga_hears_why() {
        OrderId order = newOrder();
        kit.deliver(schedule(order, "DE")).answers();
        scheduling.dispatch(order);
        OutgoingMessage cancel = cancel(order);

        Answers answers = kit.deliver(cancel).duplicated(1).resent(1).inBatchesOf(1).answers();

        assertThat(answers.outcomeOf(cancel)).isEqualTo("REFUSED");
        assertThat(answers.to(cancel))
                .isEqualTo(new DeliveryRefused(order, RefusalCode.ALREADY_SHIPPED, "The order is on its way"));
        assertThat(scheduling.find(order).orElseThrow().status()).isEqualTo(Delivery.Status.DISPATCHED);
    }

    @Test
    void nothing_has_to_be_there_to_be_cancelled_and_nothing_is_scheduled_afterwards() {
        OrderId order = newOrder();
        OutgoingMessage cancel = cancel(order);
        OutgoingMessage schedule = schedule(order, "DE");

        Answers answers = kit.deliver(cancel, schedule).inBatchesOf(1).answers();

        assertThat(answers.to(cancel)).isEqualTo(new DeliveryCancelled(order));
        assertThat(answers.to(schedule)).isEqualTo(new DeliveryRefused(
                order, RefusalCode.CANCELLED_BY_CUSTOMER, "The delivery was cancelled"));
    }

    /** By the saga that undoes the completed order, which is another than the one that scheduled. */
    private static OutgoingMessage cancel(OrderId order) {
        return ParticipantKit.saga(order).action("delivery", new CancelDelivery(order));
    }

    private static OutgoingMessage schedule(OrderId order, String country) {
        DeliveryAddress address =
                new DeliveryAddress("Ada Lovelace", "12 Long Street", "Flat 3", "Springfield", "12345", country);
        return ParticipantKit.saga(order).action("delivery", new ScheduleDelivery(order, address));
    }
}
