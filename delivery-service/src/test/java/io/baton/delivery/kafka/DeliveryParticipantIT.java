package io.baton.delivery.kafka;

import static io.baton.delivery.Fixture.newOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.OrderId;
import io.baton.contract.RefusalCode;
import io.baton.contract.delivery.DeliveryRefused;
import io.baton.contract.delivery.DeliveryScheduled;
import io.baton.contract.delivery.ScheduleDelivery;
import io.baton.contract.order.DeliveryAddress;
import io.baton.delivery.Address;
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

        assertThat(kit.deliver(schedule).answers().outcomeOf(schedule)).isEqualTo("REFUSED");
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

    private static OutgoingMessage schedule(OrderId order, String country) {
        DeliveryAddress address =
                new DeliveryAddress("Ada Lovelace", "12 Long Street", "Flat 3", "Springfield", "12345", country);
        return ParticipantKit.saga(order).action("delivery", new ScheduleDelivery(order, address));
    }
}
