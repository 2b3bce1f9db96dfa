package io.baton.order.rest;

import io.baton.contract.OrderId;
import io.baton.http.IdempotencyKey;
import io.baton.http.Prefer;
import io.baton.http.ProblemException;
import io.baton.messaging.Ids;
import io.baton.order.EndWatch;
import io.baton.order.EndedOrder;
import io.baton.order.IdempotentRequest;
import io.baton.order.IntakeFullException;
import io.baton.order.Order;
import io.baton.order.OrderInDoubtException;
import io.baton.order.OrderPlacement;
import io.baton.order.OrderSnapshot;
import io.baton.order.OrderStatus;
import io.baton.order.OrderWish;
import io.baton.order.Orders;
import io.baton.order.PlacedOrders;
import io.baton.order.Placement;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Answers the wish for an order: at once with 202, or with 201 for who wants to wait for its end. */
@Component
class OrderAcceptance {

    private static final Logger log = LoggerFactory.getLogger(OrderAcceptance.class);

    private final OrderPlacement placement;
    private final Orders orders;
    private final PlacedOrders placedOrders;
    private final EndWatch ends;
    private final Ids ids;
    private final Clock clock;

    OrderAcceptance(
            OrderPlacement placement, Orders orders, PlacedOrders placedOrders, EndWatch ends, Ids ids, Clock clock) {
        this.placement = placement;
        this.orders = orders;
        this.placedOrders = placedOrders;
        this.ends = ends;
        this.ids = ids;
        this.clock = clock;
    }

    ResponseEntity<OrderJson> accept(OrderWish wish, Prefer prefer, @Nullable IdempotentRequest request) {
        OrderId id = ids.nextOrderId(clock.instant());
        Duration wait = prefer.waitAtMost();
        try {
            if (wait.isZero()) {
                return answer(placement.place(id, wish, request), null, wait, request);
            }
            // From before the placing, so that even the fastest saga does not end unseen.
            try (EndWatch.Watch watch = ends.watch(id)) {
                return answer(placement.place(id, wish, request), watch, wait, request);
            }
        } catch (IntakeFullException e) {
            throw ProblemException.unavailable(
                    "Too many orders are being placed; nothing was changed.", Duration.ofSeconds(1));
        } catch (OrderInDoubtException e) {
            throw inDoubt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw inDoubt();
        }
    }

    private ResponseEntity<OrderJson> answer(
            Placement result, EndWatch.@Nullable Watch watch, Duration wait, @Nullable IdempotentRequest request)
            throws InterruptedException {
        return switch (result) {
            case Placement.Placed(var order) -> {
                EndedOrder end = watch == null ? null : watch.await(wait);
                yield end == null
                        ? accepted(order.snapshot()).body(OrderJson.of(order.snapshot()))
                        : ended(order.snapshot().ended(end), wait, request, ResponseEntity.status(201));
            }
            case Placement.PlacedBefore(var id, var finalAnswer) -> repeat(id, finalAnswer, wait, request);
            case Placement.KeyUsedOtherwise() -> throw IdempotencyKey.reused();
            case Placement.KeyInFlight() -> throw IdempotencyKey.inFlight();
            case Placement.Impossible(var objections) -> throw Objections.problem(objections);
        };
    }

    /** The first answer again: as the order was then, or as it ended if that is what the first answer told. */
    private ResponseEntity<OrderJson> repeat(
            OrderId id, boolean finalAnswer, Duration wait, @Nullable IdempotentRequest request)
            throws InterruptedException {
        try (EndWatch.Watch watch = ends.watch(id)) {
            Order found = orders.find(id);
            if (found == null) {
                throw new IllegalStateException("Expected an order for each stored key but there is no " + id);
            }
            OrderSnapshot order = found.snapshot();
            if (order.status() == OrderStatus.PENDING && !wait.isZero()) {
                EndedOrder end = watch.await(wait);
                order = end == null ? order : order.ended(end);
            }
            if (order.status() == OrderStatus.PENDING || wait.isZero() && !finalAnswer) {
                OrderSnapshot then = order.whenPlaced();
                return replayed(accepted(then)).body(OrderJson.of(then));
            }
            return ended(order, wait, finalAnswer ? null : request, replayed(ResponseEntity.status(201)));
        }
    }

    private ResponseEntity<OrderJson> ended(
            OrderSnapshot order,
            Duration wait,
            @Nullable IdempotentRequest request,
            ResponseEntity.BodyBuilder answer) {
        if (request != null) {
            rememberFinalAnswer(request);
        }
        if (!wait.isZero()) {
            answer.header("Preference-Applied", "wait=" + wait.toSeconds());
        }
        return answer.location(location(order)).body(OrderJson.of(order));
    }

    private void rememberFinalAnswer(IdempotentRequest request) {
        try {
            placedOrders.rememberFinalAnswer(request.key());
        } catch (DataAccessException | TransactionException e) {
            // The order has ended and the client shall know; at worst a repetition is told how the order began.
            log.warn("Cannot note that an order's end was told: {}", e.toString());
        }
    }

    private static ResponseEntity.BodyBuilder accepted(OrderSnapshot order) {
        return ResponseEntity.accepted().location(location(order)).header("Retry-After", "1");
    }

    private static ResponseEntity.BodyBuilder replayed(ResponseEntity.BodyBuilder answer) {
        return answer.header(IdempotencyKey.REPLAYED_HEADER, "true");
    }

    private static URI location(OrderSnapshot order) {
        return URI.create("/orders/" + order.id());
    }

    private static ProblemException inDoubt() {
        return ProblemException.unavailable(
                "It is not known whether the order was placed. Sent again with the same Idempotency-Key, the request"
                        + " takes effect once; without one it may take effect twice.",
                Duration.ofSeconds(2));
    }
}
