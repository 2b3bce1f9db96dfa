package io.baton.order.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.CommandFailed;
import io.baton.contract.Money;
import io.baton.contract.OrderId;
import io.baton.contract.inventory.ProductChanged;
import io.baton.contract.order.CancelOrder;
import io.baton.contract.order.CompleteOrder;
import io.baton.contract.order.OrderCancelled;
import io.baton.contract.order.OrderCompleted;
import io.baton.messaging.OutgoingMessage;
import io.baton.messaging.test.Answers;
import io.baton.messaging.test.ParticipantKit;
import io.baton.order.OrderService;
import io.baton.order.OrderService.Answer;
import io.baton.order.OrderServiceTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

@OrderServiceTest
class EndingOrdersIT {

    @LocalServerPort
    private int port;

    @Autowired
    private ApplicationContext application;

    @Autowired
    private JdbcTemplate jdbc;

    private OrderService service;
    private ParticipantKit kit;

    @BeforeEach
    void catalogue() {
        service = new OrderService(port, jdbc);
        service.product("KEYBOARD", new Money(4999, "EUR"));
        kit = ParticipantKit.of(application);
    }

    @Test
    void a_completed_order_shows_it_and_tells_the_saga_and_everybody_once() {
        OrderId order = placed();
        OutgoingMessage command = ParticipantKit.saga(order).action("completion", new CompleteOrder(order));

        Answers answers = kit.deliver(command).duplicated(2).resent(2).inBatchesOf(2).crashingBeforeCommit().answers();

        assertThat(answers.to(command)).isEqualTo(new OrderCompleted(order));
        assertThat(answers.events()).containsExactly(new OrderCompleted(order));
        Answer read = service.get("/orders/" + order);
        assertThat(read.json().path("status").asString()).isEqualTo("COMPLETED");
        assertThat(read.json().path("version").asInt()).isEqualTo(2);
        assertThat(read.json().has("reason")).isFalse();
        assertThat(read.header("ETag")).isEqualTo("\"v2\"");
        assertThat(service.get("/orders/" + order, "If-None-Match", "\"v1\"").status()).isEqualTo(200);
    }

    @Test
    void a_cancelled_order_shows_why_and_tells_the_saga_and_everybody_once() {
        OrderId order = placed();
        OutgoingMessage command = ParticipantKit.saga(order).compensation("order", cancel(order));

        Answers answers = kit.deliver(command).duplicated(1).resent(1).inBatchesOf(1).answers();

        assertThat(answers.to(command)).isEqualTo(new OrderCancelled(order, "OUT_OF_STOCK"));
        assertThat(answers.events()).containsExactly(new OrderCancelled(order, "OUT_OF_STOCK"));
        Answer read = service.get("/orders/" + order);
        assertThat(read.json().path("status").asString()).isEqualTo("CANCELLED");
        assertThat(read.json().path("reason").toString())
                .isEqualTo("{\"code\":\"OUT_OF_STOCK\",\"step\":\"inventory\",\"message\":\"Sold out\"}");
    }

    @Test
    void an_order_that_ended_does_not_end_another_way() {
        OrderId completed = placed();
        OrderId cancelled = placed();
        kit.deliver(
                        ParticipantKit.saga(completed).action("completion", new CompleteOrder(completed)),
                        ParticipantKit.saga(cancelled).compensation("order", cancel(cancelled)))
                .answers();

        OutgoingMessage late = ParticipantKit.saga(completed).compensation("order", cancel(completed));
        OutgoingMessage wrong = ParticipantKit.saga(cancelled).action("completion", new CompleteOrder(cancelled));
        Answers answers = kit.deliver(late, wrong).answers();

        assertThat(((CommandFailed) answers.to(late)).code()).isEqualTo("ORDER_ALREADY_COMPLETED");
        assertThat(((CommandFailed) answers.to(wrong)).code()).isEqualTo("ORDER_ALREADY_CANCELLED");
        assertThat(answers.events()).isEmpty();
        assertThat(service.get("/orders/" + completed).json().path("version").asInt()).isEqualTo(2);
    }

    @Test
    void a_saga_that_wishes_something_for_an_unknown_order_hears_so() {
        OrderId unknown = new OrderId(4711);
        OutgoingMessage command = ParticipantKit.saga(unknown).action("completion", new CompleteOrder(unknown));

        Answers answers = kit.deliver(command).answers();

        assertThat(((CommandFailed) answers.to(command)).code()).isEqualTo("ORDER_UNKNOWN");
    }

    @Test
    void who_prefers_to_wait_is_told_the_end() {
        String body = OrderService.ORDER.replace("c-1", "waits");
        CompletableFuture<Answer> waiting = CompletableFuture.supplyAsync(
                () -> service.post(body, "Prefer", "wait=10", "Idempotency-Key", "k-waits"));
        OrderId order = orderOf("waits");
        kit.deliver(ParticipantKit.saga(order).action("completion", new CompleteOrder(order))).answers();

        Answer told = waiting.join();
        Answer again = service.post(body, "Idempotency-Key", "k-waits");

        assertThat(told.status()).isEqualTo(201);
        assertThat(told.header("Preference-Applied")).isEqualTo("wait=10");
        assertThat(told.header("Location")).isEqualTo("/orders/" + order);
        assertThat(told.json().path("status").asString()).isEqualTo("COMPLETED");
        assertThat(told.body()).isEqualTo(service.get("/orders/" + order).body());
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(told.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    void who_waits_here_is_told_an_end_that_another_instance_brought() {
        CompletableFuture<Answer> waiting = CompletableFuture.supplyAsync(() ->
                service.post(OrderService.ORDER.replace("c-1", "elsewhere"), "Prefer", "wait=20"));
        OrderId order = orderOf("elsewhere");

        jdbc.update("update orders set status = 'COMPLETED', version = 2 where id = ?", order.value());

        assertThat(waiting.join().status()).isEqualTo(201);
        assertThat(waiting.join().json().path("status").asString()).isEqualTo("COMPLETED");
    }

    @Test
    void who_waits_in_vain_is_told_that_the_order_was_accepted() {
        Answer answer = service.post(OrderService.ORDER, "Prefer", "wait=1");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().path("status").asString()).isEqualTo("PENDING");
    }

    @Test
    void the_catalogues_copy_follows_the_news_and_never_goes_back() {
        List<OutgoingMessage> news = new ArrayList<>();
        for (int version = 1; version <= 5; version++) {
            Money price = new Money(version, "EUR");
            news.add(ParticipantKit.event("NEWS", new ProductChanged("NEWS", "News", price, version)));
        }

        kit.deliver(news.toArray(OutgoingMessage[]::new)).duplicated(2).shuffled(7).inBatchesOf(4).answers();

        assertThat(jdbc.queryForObject("select price_minor from catalogue where sku = 'NEWS'", Long.class))
                .isEqualTo(5);
        Answer order = service.post(OrderService.ORDER.replace("KEYBOARD", "NEWS"));
        assertThat(order.json().path("total").path("amount").asString()).isEqualTo("0.10");
    }

    private OrderId placed() {
        return OrderId.parse(service.post(OrderService.ORDER).orderId());
    }

    private OrderId orderOf(String customer) {
        return await().until(
                        () -> jdbc.queryForList("select id from orders where customer_id = ?", Long.class, customer),
                        ids -> ids.size() == 1)
                .stream()
                .map(OrderId::new)
                .findFirst()
                .orElseThrow();
    }

    private static CancelOrder cancel(OrderId order) {
        return new CancelOrder(order, "OUT_OF_STOCK", "inventory", "Sold out");
    }
}
