package io.baton.delivery;

import static io.baton.delivery.Fixture.addressIn;
import static io.baton.delivery.Fixture.newOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.OrderId;
import io.baton.delivery.Delivery.Status;
import io.baton.delivery.ScheduleResult.NotServed;
import io.baton.delivery.ScheduleResult.Scheduled;
import jakarta.persistence.EntityManagerFactory;
import java.util.List;
import java.util.stream.Stream;
import org.hibernate.SessionFactory;
import org.hibernate.stat.Statistics;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@DeliveryTest
class DeliverySchedulingIT {

    @Autowired
    DeliveryScheduling scheduling;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    TransactionTemplate transactions;

    @Autowired
    EntityManagerFactory entityManagerFactory;

    @Test
    void a_delivery_to_a_served_country_is_scheduled_with_its_address() {
        OrderId order = newOrder();

        assertThat(scheduling.schedule(order, addressIn("DE"))).isEqualTo(new Scheduled("D-" + order));

        Delivery delivery = scheduling.find(order).orElseThrow();
        assertThat(delivery.status()).isEqualTo(Status.SCHEDULED);
        assertThat(delivery.address()).isEqualTo(addressIn("DE"));
    }

    @Test
    void a_delivery_to_another_country_is_refused_and_no_address_is_kept() {
        OrderId order = newOrder();

        assertThat(scheduling.schedule(order, addressIn("US"))).isEqualTo(new NotServed("We do not deliver to US"));

        Delivery delivery = scheduling.find(order).orElseThrow();
        assertThat(delivery.status()).isEqualTo(Status.REFUSED);
        assertThat(delivery.deliveryId()).isNull();
        assertThat(jdbc.sql("select address is null from delivery where order_id = ?")
                        .param(order.value())
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    @Test
    void the_same_order_again_gets_the_first_answer_whatever_the_address() {
        OrderId served = newOrder();
        OrderId refused = newOrder();
        ScheduleResult yes = scheduling.schedule(served, addressIn("DE"));
        ScheduleResult no = scheduling.schedule(refused, addressIn("US"));

        assertThat(scheduling.schedule(served, addressIn("US"))).isEqualTo(yes);
        assertThat(scheduling.schedule(refused, addressIn("DE"))).isEqualTo(no);

        assertThat(scheduling.find(served).orElseThrow().country()).isEqualTo("DE");
    }

    @Test
    void one_transaction_may_be_asked_twice_for_one_order() {
        OrderId order = newOrder();

        transactions.executeWithoutResult(status -> {
            scheduling.announce(List.of(order, order));
            assertThat(scheduling.schedule(order, addressIn("DE"))).isInstanceOf(Scheduled.class);
            assertThat(scheduling.schedule(order, addressIn("US"))).isInstanceOf(Scheduled.class);
        });

        assertThat(scheduling.find(order)).isPresent();
    }

    @Test
    void a_batch_costs_two_statements_however_large_it_is() {
        assertThat(statementsOfABatchOf(5)).isEqualTo(2);
        assertThat(statementsOfABatchOf(90)).isEqualTo(2);
    }

    /** One query and one batch of inserts. */
    private long statementsOfABatchOf(int size) {
        List<OrderId> orders = Stream.generate(Fixture::newOrder).limit(size).toList();
        Statistics statistics =
                entityManagerFactory.unwrap(SessionFactory.class).getStatistics();
        long before = statistics.getPrepareStatementCount();
        transactions.executeWithoutResult(status -> {
            scheduling.announce(orders);
            orders.forEach(order -> scheduling.schedule(order, addressIn("FR")));
        });
        long statements = statistics.getPrepareStatementCount() - before;
        assertThat(orders).allSatisfy(order -> assertThat(scheduling.find(order)).isPresent());
        return statements;
    }

    @Test
    void an_address_never_shows_in_a_log() {
        assertThat(addressIn("DE")).hasToString("Address[DE]");
    }
}
