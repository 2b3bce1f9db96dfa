package io.baton.order.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.contract.Money;
import io.baton.http.test.AccessSweep;
import io.baton.messaging.test.RealServers;
import io.baton.messaging.test.Tokens;
import io.baton.order.OrderService;
import io.baton.order.OrderService.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** Who may do what, outside of a demonstration: docs/access/order-service.txt, and customers with one another's orders. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "management.server.port=0")
@RealServers(database = "orders", strict = true)
class AccessIT {

    private static final int PAIRS = 1_000;
    private static final int CUSTOMERS = 10;

    @Autowired
    private ApplicationContext context;

    @Autowired
    private JdbcTemplate jdbc;

    @LocalServerPort
    private int port;

    private OrderService orders;

    @BeforeEach
    void offerKeyboards() {
        orders = new OrderService(port, jdbc);
        orders.product("KEYBOARD", new Money(4_999, "EUR"));
    }

    @Test
    void everybody_may_do_what_the_matrix_says_and_nothing_else() {
        AccessSweep sweep = new AccessSweep(context).with("orderId", place(AccessSweep.CUSTOMER));
        sweep.isAsWritten("order-service");
    }

    @Test
    void what_strangers_try_answers_nothing() {
        new AccessSweep(context).answersNothingElse("prometheus");
    }

    @Test
    void a_customer_sees_and_cancels_their_own_orders_and_hears_of_no_others() {
        List<String> placed = new ArrayList<>();
        for (int i = 0; i < CUSTOMERS * 2; i++) {
            placed.add(place("customer-" + i % CUSTOMERS));
        }
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < PAIRS; i++) {
            int customer = random.nextInt(CUSTOMERS);
            int order = random.nextInt(placed.size());
            Answer answer = orders.get("/orders/" + placed.get(order), bearer("customer-" + customer));
            assertThat(answer.status()).isEqualTo(order % CUSTOMERS == customer ? 200 : 404);
        }

        String unknown = orders.get("/orders/0000000000001", bearer("customer-1")).body();
        Answer others = orders.get("/orders/" + placed.getFirst(), bearer("customer-1"));
        assertThat(others.body().replace(placed.getFirst(), "0000000000001").replaceAll("\"traceId.*", ""))
                .isEqualTo(unknown.replaceAll("\"traceId.*", ""));
        Answer cancellation = orders.postTo(
                "/orders/" + placed.getFirst() + "/cancellation", "{}", bearer("customer-1"));
        assertThat(cancellation.status()).isEqualTo(404);
        assertThat(jdbc.queryForObject("select count(*) from orders where cancellation_state is not null and customer_id like 'customer-%'", Integer.class))
                .isZero();
    }

    @Test
    void a_customer_can_order_for_nobody_else() {
        String body = OrderService.ORDER.replace("c-1", "c-2");

        Answer answer = orders.post(body, bearer("c-1"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.violation()).isEqualTo("/customerId NOT_YOURS");
        assertThat(jdbc.queryForObject("select count(*) from orders where customer_id = 'c-2'", Integer.class)).isZero();
        assertThat(orders.post(body).status()).isEqualTo(401);
    }

    @Test
    void the_idempotency_keys_of_customers_have_nothing_to_do_with_one_another() {
        Answer one = orders.post(OrderService.ORDER, with("c-1", "the-key"));
        Answer two = orders.post(OrderService.ORDER.replace("c-1", "c-3"), with("c-3", "the-key"));
        Answer again = orders.post(OrderService.ORDER, with("c-1", "the-key"));

        assertThat(two.status()).isEqualTo(202);
        assertThat(two.orderId()).isNotEqualTo(one.orderId());
        assertThat(again.orderId()).isEqualTo(one.orderId());
    }

    private String place(String customer) {
        Answer answer = orders.post(OrderService.ORDER.replace("c-1", customer), bearer(customer));
        assertThat(answer.status()).isEqualTo(202);
        return answer.orderId();
    }

    private static String[] bearer(String customer) {
        return new String[] {"Authorization", "Bearer " + Tokens.customer(customer)};
    }

    private static String[] with(String customer, String key) {
        return new String[] {"Authorization", "Bearer " + Tokens.customer(customer), "Idempotency-Key", key};
    }
}
