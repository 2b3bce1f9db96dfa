package io.baton.order.rest;

import io.baton.contract.OrderId;
import io.baton.http.EntityTags;
import io.baton.http.ProblemException;
import io.baton.http.ProblemType;
import io.baton.http.Violation;
import io.baton.http.access.Caller;
import io.baton.http.access.Opening;
import io.baton.order.CancellationAnswer;
import io.baton.order.Order;
import io.baton.order.OrderCancellation;
import io.baton.order.OrderSnapshot;
import io.baton.order.Orders;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /orders/{orderId}/cancellation}. */
@RestController
class CancellationController {

    private static final String PATH = "/orders/{orderId}/cancellation";

    private static final ProblemType REFUSED =
            new ProblemType("cancellation-refused", 409, "The order cannot be cancelled any more");

    private final OrderCancellation cancellation;
    private final Orders orders;

    CancellationController(OrderCancellation cancellation, Orders orders) {
        this.cancellation = cancellation;
        this.orders = orders;
    }

    /** 202 when it will be tried, now or since an earlier wish; 200 when the order is cancelled; 409 when it cannot be. */
    @PostMapping(PATH)
    ResponseEntity<OrderJson> cancel(
            @PathVariable String orderId,
            @RequestBody(required = false) @Nullable CancelOrderJson body,
            Caller caller) {
        OrderId id = OrderIds.parse(orderId);
        requireOwn(id, caller);
        String reason = body == null ? null : body.checkedReason();
        return switch (cancellation.request(id, reason)) {
            case CancellationAnswer.Requested(var order, boolean first) -> answer(
                    ResponseEntity.accepted()
                            .location(URI.create("/orders/" + order.id()))
                            .header("Retry-After", "1"),
                    order);
            case CancellationAnswer.CancelledAlready(var order) -> answer(ResponseEntity.ok(), order);
            case CancellationAnswer.RefusedForGood(var code, String message) -> throw new ProblemException(
                    REFUSED, message, List.of(Violation.ofRequest(code == null ? "TOO_LATE" : code, message)));
            case CancellationAnswer.NoSuchOrder() -> throw OrderIds.noSuchOrder();
        };
    }

    /** Whose order it is never changes, so it can be looked up before the wish is granted under the order's lock. */
    private void requireOwn(OrderId id, Caller caller) {
        if (caller.customer() == null) {
            return;
        }
        Order order = orders.find(id);
        if (order == null || !caller.mayActFor(order.snapshot().customerId())) {
            throw OrderIds.noSuchOrder();
        }
    }

    private static ResponseEntity<OrderJson> answer(ResponseEntity.BodyBuilder answer, OrderSnapshot order) {
        return answer.eTag(EntityTags.of(order.version())).body(OrderJson.of(order));
    }

    @Configuration(proxyBeanMethods = false)
    static class OpenToCustomers {

        @Bean
        Opening cancellingOrders() {
            return new Opening(HttpMethod.POST, PATH, Opening.To.CUSTOMERS);
        }
    }
}
