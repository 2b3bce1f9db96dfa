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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    void the_database_ends_a_transaction_in_which_this_process_stands_still() {
        assertThat(jdbc.sql("show idle_in_transaction_session_timeout").query(String.class).single())
                .isEqualTo("45s");
    }

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
    void a_cancelled_delivery_is_never_made_and_its_address_is_forgotten() {
        OrderId order = newOrder();
        scheduling.schedule(order, addressIn("DE"));

        assertThat(scheduling.cancel(order)).isEqualTo(new CancelResult.Cancelled());
        assertThat(scheduling.cancel(order)).isEqualTo(new CancelResult.Cancelled());

        Delivery delivery = scheduling.find(order).orElseThrow();
        assertThat(delivery.status()).isEqualTo(Status.CANCELLED);
        assertThat(delivery.deliveryId()).isEqualTo("D-" + order);
        assertThat(delivery.address()).isNull();
        assertThat(delivery.endedAt()).isNotNull();
        assertThat(scheduling.dispatch(order)).isEqualTo(new DispatchResult.Cancelled());
        assertThat(scheduling.schedule(order, addressIn("DE"))).isInstanceOf(ScheduleResult.Cancelled.class);
        assertThat(scheduling.find(order).orElseThrow().status()).isEqualTo(Status.CANCELLED);
    }

    @Test
    void a_dispatched_delivery_stays_so_and_is_not_cancelled() {
        OrderId order = newOrder();
        scheduling.schedule(order, addressIn("DE"));

        assertThat(scheduling.dispatch(order)).isInstanceOf(DispatchResult.Dispatched.class);
        Delivery first = scheduling.find(order).orElseThrow();
        assertThat(scheduling.dispatch(order)).isInstanceOf(DispatchResult.Dispatched.class);

        assertThat(scheduling.cancel(order)).isEqualTo(new CancelResult.AlreadyDispatched("The order is on its way"));
        assertThat(scheduling.schedule(order, addressIn("DE"))).isEqualTo(new Scheduled("D-" + order));
        Delivery delivery = scheduling.find(order).orElseThrow();
        assertThat(delivery.status()).isEqualTo(Status.DISPATCHED);
        assertThat(delivery.address()).isEqualTo(addressIn("DE"));
        assertThat(delivery.endedAt()).isNotNull().isEqualTo(first.endedAt());
    }

    @Test
    void a_cancellation_that_comes_before_anybody_asked_for_a_delivery_wins() {
        OrderId order = newOrder();

        assertThat(scheduling.cancel(order)).isEqualTo(new CancelResult.Cancelled());

        assertThat(scheduling.schedule(order, addressIn("DE"))).isInstanceOf(ScheduleResult.Cancelled.class);
        Delivery delivery = scheduling.find(order).orElseThrow();
        assertThat(delivery.status()).isEqualTo(Status.CANCELLED);
        assertThat(delivery.deliveryId()).isNull();
        assertThat(delivery.country()).isNull();
        assertThat(delivery.address()).isNull();
    }

    @Test
    void what_was_refused_is_cancelled_by_itself_and_never_dispatched() {
        OrderId order = newOrder();
        scheduling.schedule(order, addressIn("US"));

        assertThat(scheduling.cancel(order)).isEqualTo(new CancelResult.Cancelled());

        assertThat(scheduling.dispatch(order)).isEqualTo(new DispatchResult.NotServed("We do not deliver to US"));
        assertThat(scheduling.find(order).orElseThrow().status()).isEqualTo(Status.REFUSED);
        assertThat(scheduling.dispatch(newOrder())).isEqualTo(new DispatchResult.Unknown());
    }

    @Test
    void of_a_dispatch_and_a_cancellation_in_the_same_moment_one_wins_and_both_know_which() throws Exception {
        for (int i = 0; i < 40; i++) {
            OrderId order = newOrder();
            scheduling.schedule(order, addressIn("DE"));
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<CancelResult> cancel = threads.submit(() -> scheduling.cancel(order));
                Future<DispatchResult> dispatch = threads.submit(() -> scheduling.dispatch(order));
                boolean cancelled = cancel.get() instanceof CancelResult.Cancelled;
                assertThat(dispatch.get() instanceof DispatchResult.Dispatched).isEqualTo(!cancelled);
                assertThat(scheduling.find(order).orElseThrow().status())
                        .isEqualTo(cancelled ? Status.CANCELLED : Status.DISPATCHED);
            }
        }
    }

    @Test
    void a_batch_that_cancels_costs_two_statements_however_large_it_is() {
        assertThat(statementsOfCancelling(5)).isEqualTo(2);
        assertThat(statementsOfCancelling(90)).isEqualTo(2);
    }

    /** One query and one batch of updates. */
    private long statementsOfCancelling(int size) {
        List<OrderId> orders = Stream.generate(Fixture::newOrder).limit(size).toList();
        orders.forEach(order -> scheduling.schedule(order, addressIn("FR")));
        Statistics statistics =
                entityManagerFactory.unwrap(SessionFactory.class).getStatistics();
        long before = statistics.getPrepareStatementCount();
        transactions.executeWithoutResult(status -> {
            scheduling.announce(orders);
            orders.forEach(scheduling::cancel);
        });
        return statistics.getPrepareStatementCount() - before;
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
