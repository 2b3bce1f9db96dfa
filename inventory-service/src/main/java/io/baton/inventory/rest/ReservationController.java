package io.baton.inventory.rest;

import io.baton.contract.OrderId;
import io.baton.contract.RefusalCode;
import io.baton.http.ProblemException;
import io.baton.http.ProblemType;
import io.baton.http.Violation;
import io.baton.inventory.ReleaseResult;
import io.baton.inventory.Reservation;
import io.baton.inventory.ReserveResult;
import io.baton.inventory.StockReservation;
import java.net.URI;
import java.util.List;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.http.ResponseEntity;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Reservations for callers that do not use messages. A transaction that loses against another one is tried again: the
 * second time it finds what the other one did.
 */
@RestController
@RequestMapping("/inventory/reservations")
@Retryable(includes = ConcurrencyFailureException.class, maxRetries = 5, delay = 20, jitter = 20, multiplier = 2)
class ReservationController {

    private static final ProblemType OUT_OF_STOCK =
            new ProblemType("out-of-stock", 409, "Not everything that was asked for is available");
    private static final ProblemType RELEASED =
            new ProblemType("reservation-released", 409, "The order's reservation has been released");
    private static final ProblemType DIFFERENT =
            new ProblemType("reservation-differs", 409, "The order has asked for other goods before");
    private static final ProblemType SHIPPED =
            new ProblemType("reservation-shipped", 409, "The order's goods have been shipped");

    private final StockReservation stock;

    ReservationController(StockReservation stock) {
        this.stock = stock;
    }

    /** 201 when everything is put aside now, 200 when it had been before, 409 when nothing is. */
    @PostMapping
    ResponseEntity<ReservationBody> reserve(@RequestBody ReserveRequest request) {
        return switch (stock.reserve(request.checked())) {
            case ReserveResult.Held(Reservation reservation, boolean first) -> {
                ReservationBody body = ReservationBody.of(reservation);
                URI location = URI.create("/inventory/reservations/" + reservation.orderId());
                yield first ? ResponseEntity.created(location).body(body) : ResponseEntity.ok(body);
            }
            case ReserveResult.OutOfStock(String message) ->
                throw problem(OUT_OF_STOCK, RefusalCode.OUT_OF_STOCK, message);
            case ReserveResult.Released(String message) -> throw problem(RELEASED, "RESERVATION_RELEASED", message);
            case ReserveResult.Different(String message) -> throw problem(DIFFERENT, "RESERVATION_DIFFERS", message);
        };
    }

    @GetMapping("/{orderId}")
    ReservationBody reservation(@PathVariable String orderId) {
        return stock.find(parse(orderId))
                .map(ReservationBody::of)
                .orElseThrow(() -> ProblemException.notFound("This order has not asked for stock."));
    }

    /** 204, also for an order that never reserved: it never will then. 409 when the goods are gone. */
    @DeleteMapping("/{orderId}")
    ResponseEntity<Void> release(@PathVariable String orderId) {
        return switch (stock.release(parse(orderId))) {
            case ReleaseResult.Released released -> ResponseEntity.noContent().build();
            case ReleaseResult.AlreadyShipped(String message) ->
                throw problem(SHIPPED, "RESERVATION_SHIPPED", message);
        };
    }

    private static OrderId parse(String orderId) {
        try {
            return OrderId.parse(orderId);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(List.of(Violation.ofRequest(
                    "WRONG_FORMAT", "Expected an order id of 13 characters in the path, as GET /orders gives it.")));
        }
    }

    private static ProblemException problem(ProblemType type, String code, String message) {
        return new ProblemException(type, message + ".", List.of(Violation.ofRequest(code, message + ".")));
    }
}
