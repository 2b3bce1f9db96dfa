package io.baton.order.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.CancelSaga;
import io.baton.contract.CancellationRefused;
import io.baton.contract.CommandFailed;
import io.baton.contract.Contract;
import io.baton.contract.MessageType;
import io.baton.contract.Money;
import io.baton.contract.OrderId;
import io.baton.contract.Topics;
import io.baton.contract.order.CancelCompletedOrder;
import io.baton.contract.order.CancelOrder;
import io.baton.contract.order.CompleteOrder;
import io.baton.contract.order.KeepOrder;
import io.baton.contract.order.OrderCancelled;
import io.baton.contract.order.OrderKept;
import io.baton.messaging.BatchOutput;
import io.baton.messaging.IncomingMessage;
import io.baton.messaging.Outbox;
import io.baton.messaging.OutgoingMessage;
import io.baton.messaging.ParkedRecord;
import io.baton.messaging.test.Answers;
import io.baton.messaging.test.ParticipantKit;
import io.baton.order.OrderService;
import io.baton.order.OrderService.Answer;
import io.baton.order.OrderServiceTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** A customer changes his mind, at the best and at the worst of moments. */
@OrderServiceTest
class CancellingOrdersIT {

    private static final String WHY = "The customer no longer wants it.";
    private static final CancelSaga UNDO =
            new CancelSaga("order-fulfilment", "CANCELLED_BY_CUSTOMER", WHY);

    @LocalServerPort
    private int port;

    @Autowired
    private ApplicationContext application;

    @Autowired
    private JdbcTemplate jdbc;

    @Autowired
    private SagaRequests requests;

    @Autowired
    private Outbox outbox;

    @Autowired
    private TransactionTemplate transactions;

    @Autowired
    private CancellationRefusals refusals;

    private final List<IncomingMessage> parked = new ArrayList<>();

    private final BatchOutput output = new BatchOutput() {
        @Override
        public void send(IncomingMessage cause, OutgoingMessage message) {
            throw new AssertionError("Expected nothing to be said");
        }

        @Override
        public void send(ParkedRecord cause, OutgoingMessage message) {
            throw new AssertionError("Expected nothing to be said");
        }

        @Override
        public void park(IncomingMessage message, String reason) {
            parked.add(message);
        }
    };

    private OrderService service;
    private ParticipantKit kit;

    @BeforeEach
    void catalogue() {
        service = new OrderService(port, jdbc);
        service.product("KEYBOARD", new Money(4999, "EUR"));
        kit = ParticipantKit.of(application);
    }

    @Test
    void a_wish_while_the_order_is_fulfilled_is_accepted_shown_and_said_to_its_saga() {
        OrderId order = placed();

        Answer wished = service.cancel(order, "{\"reason\":\"Ordered by Jane Doe in error\"}");

        assertThat(wished.status()).isEqualTo(202);
        assertThat(wished.header("Location")).isEqualTo("/orders/" + order);
        assertThat(wished.header("Retry-After")).isEqualTo("1");
        assertThat(wished.header("ETag")).isEqualTo("\"v2\"");
        assertThat(status(wished)).isEqualTo("PENDING");
        assertThat(cancellation(wished))
                .isEqualTo("{\"state\":\"REQUESTED\",\"reason\":\"Ordered by Jane Doe in error\"}");
        assertThat(read(order).body()).isEqualTo(wished.body());
        assertThat(read(order).header("ETag")).isEqualTo("\"v2\"");
        awaitRequests(order, UNDO);
    }

    @Test
    void a_wish_needs_no_body_and_no_content_type() {
        OrderId order = placed();

        Answer wished = service.cancel(order);

        assertThat(wished.status()).isEqualTo(202);
        assertThat(cancellation(wished)).isEqualTo("{\"state\":\"REQUESTED\"}");
    }

    @Test
    void the_same_wish_again_gets_the_same_answer_and_is_said_once() {
        OrderId order = placed();
        Answer first = service.cancel(order, "{\"reason\":\"Too dear\"}");

        Answer again = service.cancel(order, "{\"reason\":\"Much too dear\"}");

        assertThat(again.status()).isEqualTo(202);
        assertThat(again.body()).isEqualTo(first.body());
        awaitRequests(order, UNDO);
    }

    @Test
    void many_wishes_at_once_are_one() throws Exception {
        OrderId running = placed();
        OrderId completed = completed();
        List<Future<Answer>> answers = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                answers.add(clients.submit(() -> service.cancel(running)));
                answers.add(clients.submit(() -> service.cancel(completed)));
            }
        }

        for (Future<Answer> answer : answers) {
            assertThat(answer.get().status()).isEqualTo(202);
            assertThat(answer.get().body())
                    .isIn(read(running).body(), read(completed).body());
        }
        awaitRequests(running, UNDO);
        awaitRequests(completed, undoCompleted(completed));
    }

    @Test
    void a_wish_that_is_granted_ends_the_order_and_a_further_one_finds_it_cancelled() {
        OrderId order = placed();
        service.cancel(order, "{\"reason\":\"Too dear\"}");

        kit.deliver(ParticipantKit.saga(order).compensation("order", byCustomer(order, "inventory"))).answers();

        assertThat(status(read(order))).isEqualTo("CANCELLED");
        assertThat(read(order).json().path("reason").path("code").asString()).isEqualTo("CANCELLED_BY_CUSTOMER");
        assertThat(cancellation(read(order))).isEqualTo("{\"state\":\"GRANTED\",\"reason\":\"Too dear\"}");
        Answer again = service.cancel(order);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(read(order).body());
        assertThat(again.header("ETag")).isEqualTo("\"v3\"");
        awaitRequests(order, UNDO);
    }

    @Test
    void an_order_that_was_cancelled_for_another_reason_needs_no_wish() {
        OrderId order = placed();
        CancelOrder soldOut = new CancelOrder(order, "OUT_OF_STOCK", "inventory", "Sold out");
        kit.deliver(ParticipantKit.saga(order).compensation("order", soldOut)).answers();

        Answer wished = service.cancel(order);

        assertThat(wished.status()).isEqualTo(200);
        assertThat(wished.json().has("cancellation")).isFalse();
        assertThat(wished.json().path("version").asInt()).isEqualTo(2);
        assertThat(requests.about(order)).isEmpty();
    }

    @Test
    void a_wish_that_came_too_late_is_refused_in_words_for_customers() {
        OrderId order = placed();
        service.cancel(order);

        say(order, tooLate());

        await().untilAsserted(() -> assertThat(cancellation(read(order)))
                .isEqualTo("{\"state\":\"REFUSED\",\"code\":\"NOT_CANCELLABLE_NOW\",\"message\":\"The order cannot be "
                        + "cancelled at the moment. Try again once it is completed: until it is dispatched, it still can "
                        + "be.\"}"));
        assertThat(status(read(order))).isEqualTo("PENDING");
        assertThat(read(order).header("ETag")).isEqualTo("\"v3\"");
    }

    @Test
    void a_refusal_that_is_heard_again_changes_nothing() {
        OrderId order = placed();
        service.cancel(order);
        hear(about(order, tooLate()), about(order, tooLate()));
        String refused = read(order).body();

        hear(about(order, new CancellationRefused("order-fulfilment", "Another reason.")));

        assertThat(read(order).body()).isEqualTo(refused);
        assertThat(read(order).header("ETag")).isEqualTo("\"v3\"");
    }

    @Test
    void after_a_refusal_a_wish_is_a_new_one() {
        OrderId order = placed();
        service.cancel(order, "{\"reason\":\"Too dear\"}");
        hear(about(order, tooLate()));

        Answer again = service.cancel(order);

        assertThat(again.status()).isEqualTo(202);
        assertThat(cancellation(again)).isEqualTo("{\"state\":\"REQUESTED\"}");
        awaitRequests(order, UNDO, UNDO);
        complete(order);
        hear(about(order, tooLate()));
        assertThat(cancellation(read(order))).contains("REFUSED");
        assertThat(service.cancel(order).status()).isEqualTo(202);
        awaitRequests(order, UNDO, UNDO, undoCompleted(order));
        assertThat(requests.idsAbout(order)).doesNotHaveDuplicates();
    }

    @Test
    void a_completed_order_stays_so_until_everything_is_undone() {
        OrderId order = completed();

        Answer wished = service.cancel(order, "{\"reason\":\"Too dear\"}");

        assertThat(wished.status()).isEqualTo(202);
        assertThat(status(wished)).isEqualTo("COMPLETED");
        assertThat(cancellation(wished)).isEqualTo("{\"state\":\"REQUESTED\",\"reason\":\"Too dear\"}");
        awaitRequests(order, undoCompleted(order));
        OutgoingMessage cancel = ParticipantKit.saga(order).action("completion", byCustomer(order, "order"));
        Answers answers = kit.deliver(cancel).duplicated(2).resent(2).inBatchesOf(2).crashingBeforeCommit().answers();
        assertThat(answers.to(cancel)).isEqualTo(new OrderCancelled(order, "CANCELLED_BY_CUSTOMER"));
        assertThat(answers.events()).containsExactly(new OrderCancelled(order, "CANCELLED_BY_CUSTOMER"));
        assertThat(status(read(order))).isEqualTo("CANCELLED");
        assertThat(cancellation(read(order))).isEqualTo("{\"state\":\"GRANTED\",\"reason\":\"Too dear\"}");
        assertThat(read(order).header("ETag")).isEqualTo("\"v4\"");
    }

    @Test
    void a_completed_order_that_has_shipped_is_kept_and_no_further_wish_starts_anything() {
        OrderId order = completed();
        service.cancel(order);
        OutgoingMessage keep = ParticipantKit.saga(order).compensation("order", shipped(order));

        Answers answers = kit.deliver(keep).duplicated(1).resent(1).inBatchesOf(1).answers();

        assertThat(answers.to(keep)).isEqualTo(new OrderKept(order));
        assertThat(answers.events()).isEmpty();
        assertThat(status(read(order))).isEqualTo("COMPLETED");
        assertThat(cancellation(read(order)))
                .isEqualTo("{\"state\":\"REFUSED\",\"code\":\"ALREADY_SHIPPED\",\"message\":\"It is on its way.\"}");
        Answer again = service.cancel(order);
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.json().path("type").asString()).isEqualTo("urn:baton:problem:cancellation-refused");
        assertThat(again.json().path("detail").asString()).isEqualTo("It is on its way.");
        assertThat(again.violation()).endsWith(" ALREADY_SHIPPED");
        assertThat(read(order).header("ETag")).isEqualTo("\"v4\"");
        awaitRequests(order, undoCompleted(order));
    }

    @Test
    void an_old_refusal_does_not_touch_the_new_wish_for_a_completed_order() {
        OrderId order = placed();
        service.cancel(order);
        complete(order);
        Answer wished = service.cancel(order);

        hear(about(order, tooLate()));

        assertThat(read(order).body()).isEqualTo(wished.body());
        assertThat(cancellation(wished)).isEqualTo("{\"state\":\"REQUESTED\"}");
        awaitRequests(order, UNDO, undoCompleted(order));
    }

    @Test
    void a_refusal_that_concerns_another_saga_or_nobody_changes_nothing() {
        OrderId wished = placed();
        service.cancel(wished);
        OrderId unwished = placed();

        hear(about(wished, new CancellationRefused("order-cancellation", "Too late.")));
        hear(about(unwished, tooLate()), about(new OrderId(4712), tooLate()));

        assertThat(cancellation(read(wished))).isEqualTo("{\"state\":\"REQUESTED\"}");
        assertThat(read(unwished).json().has("cancellation")).isFalse();
        assertThat(read(unwished).header("ETag")).isEqualTo("\"v1\"");
    }

    @Test
    void a_refusal_without_an_orders_id_is_put_aside_and_the_others_are_heard() {
        OrderId order = placed();
        service.cancel(order);
        IncomingMessage poison = about("no order", tooLate());

        hear(poison, about(order, tooLate()));

        assertThat(parked).containsExactly(poison);
        assertThat(cancellation(read(order))).contains("REFUSED");
    }

    @Test
    void a_wish_and_the_completion_in_the_same_moment_leave_one_wish_that_somebody_answers() throws Exception {
        List<OrderId> orders = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            OrderId order = placed();
            orders.add(order);
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Answer> wish = clients.submit(() -> service.cancel(order));
                complete(order);
                assertThat(wish.get().status()).isEqualTo(202);
            }
        }

        for (OrderId order : orders) {
            assertThat(status(read(order))).isEqualTo("COMPLETED");
            assertThat(read(order).header("ETag")).isEqualTo("\"v3\"");
            String of = jdbc.queryForObject(
                    "select cancellation_of from orders where id = ?", String.class, order.value());
            awaitRequests(order, of.equals("FULFILMENT") ? UNDO : undoCompleted(order));
        }
    }

    @Test
    void only_the_saga_that_undid_a_completed_order_cancels_it_and_only_a_completed_one() {
        OrderId completed = completed();
        OrderId pending = placed();
        OutgoingMessage undone = ParticipantKit.saga(completed).compensation("order", byCustomer(completed, "x"));
        OutgoingMessage early = ParticipantKit.saga(pending).action("completion", byCustomer(pending, "x"));

        Answers answers = kit.deliver(undone, early).answers();

        assertThat(((CommandFailed) answers.to(undone)).code()).isEqualTo("ORDER_ALREADY_COMPLETED");
        assertThat(((CommandFailed) answers.to(early)).code()).isEqualTo("ORDER_NOT_COMPLETED");
        assertThat(answers.events()).isEmpty();
        assertThat(status(read(completed))).isEqualTo("COMPLETED");
        assertThat(status(read(pending))).isEqualTo("PENDING");
    }

    @Test
    void an_order_that_was_undone_is_not_kept_and_an_unknown_one_neither() {
        OrderId cancelled = completed();
        kit.deliver(ParticipantKit.saga(cancelled).action("completion", byCustomer(cancelled, "order"))).answers();
        OrderId unknown = new OrderId(4713);
        OutgoingMessage late = ParticipantKit.saga(cancelled).compensation("order", shipped(cancelled));
        OutgoingMessage lost = ParticipantKit.saga(unknown).compensation("order", shipped(unknown));

        Answers answers = kit.deliver(late, lost).answers();

        assertThat(((CommandFailed) answers.to(late)).code()).isEqualTo("ORDER_ALREADY_CANCELLED");
        assertThat(((CommandFailed) answers.to(lost)).code()).isEqualTo("ORDER_UNKNOWN");
        assertThat(status(read(cancelled))).isEqualTo("CANCELLED");
    }

    @Test
    void what_an_operator_could_not_undo_the_customer_cannot_either() {
        OrderId order = completed();
        kit.deliver(ParticipantKit.saga(order).compensation("order", shipped(order))).answers();

        assertThat(service.cancel(order).status()).isEqualTo(409);
        assertThat(requests.about(order)).isEmpty();
    }

    @Test
    void who_waits_for_an_orders_end_sees_that_it_was_wished_for() {
        String body = OrderService.ORDER.replace("c-1", "waits-and-cancels");
        CompletableFuture<Answer> waiting =
                CompletableFuture.supplyAsync(() -> service.post(body, "Prefer", "wait=10"));
        OrderId order = await().until(
                        () -> jdbc.queryForList(
                                "select id from orders where customer_id = 'waits-and-cancels'", Long.class),
                        ids -> ids.size() == 1)
                .stream()
                .map(OrderId::new)
                .findFirst()
                .orElseThrow();
        service.cancel(order);
        kit.deliver(ParticipantKit.saga(order).compensation("order", byCustomer(order, "payment"))).answers();

        assertThat(waiting.join().status()).isEqualTo(201);
        assertThat(waiting.join().body()).isEqualTo(read(order).body());
    }

    @Test
    void who_waits_here_sees_a_wish_that_another_instance_took() {
        CompletableFuture<Answer> waiting = CompletableFuture.supplyAsync(() -> service.post(
                OrderService.ORDER.replace("c-1", "cancels-elsewhere"), "Prefer", "wait=20"));
        await().until(() -> jdbc.update(
                        "update orders set status = 'CANCELLED', version = 3, reason_code = 'X', reason_step = 'x',"
                                + " reason_message = 'x', cancellation_state = 'GRANTED',"
                                + " cancellation_of = 'FULFILMENT', cancellation_reason = 'Too dear'"
                                + " where customer_id = 'cancels-elsewhere'")
                == 1);

        assertThat(waiting.join().status()).isEqualTo(201);
        assertThat(cancellation(waiting.join())).isEqualTo("{\"state\":\"GRANTED\",\"reason\":\"Too dear\"}");
    }

    @Test
    void an_order_that_nobody_placed_cannot_be_cancelled() {
        for (String id : List.of("x", "0000000000000", "zzzzzzzzzzzzz", "1".repeat(300))) {
            Answer answer = service.postTo("/orders/" + id + "/cancellation", "{}");
            assertThat(answer.status()).as(id).isEqualTo(404);
            assertThat(answer.isProblem()).as(id).isTrue();
        }
    }

    private OrderId placed() {
        return OrderId.parse(service.post(OrderService.ORDER).orderId());
    }

    private OrderId completed() {
        OrderId order = placed();
        complete(order);
        return order;
    }

    private void complete(OrderId order) {
        kit.deliver(ParticipantKit.saga(order).action("completion", new CompleteOrder(order))).answers();
    }

    private Answer read(OrderId order) {
        return service.get("/orders/" + order);
    }

    private static String status(Answer answer) {
        return answer.json().path("status").asString();
    }

    private static String cancellation(Answer answer) {
        return answer.json().path("cancellation").toString();
    }

    private static CancelOrder byCustomer(OrderId order, String step) {
        return new CancelOrder(order, "CANCELLED_BY_CUSTOMER", step, WHY);
    }

    private static KeepOrder shipped(OrderId order) {
        return new KeepOrder(order, "ALREADY_SHIPPED", "It is on its way.");
    }

    private static CancelCompletedOrder undoCompleted(OrderId order) {
        return new CancelCompletedOrder(order, "CANCELLED_BY_CUSTOMER", WHY);
    }

    private static CancellationRefused tooLate() {
        return new CancellationRefused("order-fulfilment", "the saga is past its point of no return");
    }

    /** As the orchestrator would, over the broker: the key says which order is meant. */
    private void say(OrderId order, CancellationRefused event) {
        transactions.executeWithoutResult(status ->
                outbox.send(new OutgoingMessage(Topics.SAGA_EVENTS, order.toString(), order + "/refused", event)));
    }

    /** What was said is heard now, all of it in one batch. */
    private void hear(IncomingMessage... events) {
        transactions.executeWithoutResult(
                status -> refusals.handle(List.of(events), Instant.parse("2030-01-01T00:00:00Z"), output));
    }

    private static IncomingMessage about(Object order, CancellationRefused event) {
        MessageType type = Contract.MESSAGES.stream()
                .filter(known -> known.body() == CancellationRefused.class)
                .findFirst()
                .orElseThrow();
        return new IncomingMessage(Topics.SAGA_EVENTS, 0, 0, order.toString(), type, Map.of(), event);
    }

    /** Exactly these were asked, and nothing else follows. */
    private void awaitRequests(OrderId order, Record... expected) {
        await().untilAsserted(() -> assertThat(requests.about(order)).containsExactly(expected));
    }
}
