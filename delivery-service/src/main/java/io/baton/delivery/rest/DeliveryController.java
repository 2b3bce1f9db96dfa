package io.baton.delivery.rest;

import io.baton.contract.OrderId;
import io.baton.contract.RefusalCode;
import io.baton.delivery.Delivery;
import io.baton.delivery.DeliveryScheduling;
import io.baton.delivery.DispatchResult;
import io.baton.http.ProblemException;
import io.baton.http.ProblemType;
import io.baton.http.Violation;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Deliveries. Viewers may ask whether there is one and for which country, in a demonstration everybody; the operator
 * alone sees whose it is and sends it on its way.
 */
@RestController
@RequestMapping("/deliveries")
class DeliveryController {

    private static final ProblemType CANCELLED =
            new ProblemType("delivery-cancelled", 409, "The delivery has been cancelled");
    private static final ProblemType NOT_SERVED =
            new ProblemType("delivery-refused", 409, "There is nothing to deliver");

    private final DeliveryScheduling scheduling;

    DeliveryController(DeliveryScheduling scheduling) {
        this.scheduling = scheduling;
    }

    @GetMapping("/{orderId}")
    ResponseEntity<DeliveryBody> delivery(@PathVariable String orderId, HttpServletRequest request) {
        Delivery delivery = scheduling.find(parse(orderId)).orElseThrow(DeliveryController::unknown);
        return answer(delivery, request.isUserInRole("OPERATOR"));
    }

    /** 200 when it is on its way, now or since before; 409 when it must stay. */
    @PostMapping("/{orderId}/dispatch")
    ResponseEntity<DeliveryBody> dispatch(@PathVariable String orderId) {
        return switch (scheduling.dispatch(parse(orderId))) {
            case DispatchResult.Dispatched(Delivery delivery) -> answer(delivery, true);
            case DispatchResult.Cancelled() ->
                throw problem(CANCELLED, "DELIVERY_CANCELLED", "The order was cancelled; keep the goods.");
            case DispatchResult.NotServed(String message) ->
                throw problem(NOT_SERVED, RefusalCode.ADDRESS_NOT_SERVED, message + ".");
            case DispatchResult.Unknown() -> throw unknown();
        };
    }

    private static ResponseEntity<DeliveryBody> answer(Delivery delivery, boolean withPersonalData) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .header(HttpHeaders.VARY, HttpHeaders.AUTHORIZATION)
                .body(DeliveryBody.of(delivery, withPersonalData));
    }

    private static OrderId parse(String orderId) {
        try {
            return OrderId.parse(orderId);
        } catch (IllegalArgumentException e) {
            throw unknown();
        }
    }

    private static ProblemException problem(ProblemType type, String code, String detail) {
        return new ProblemException(type, detail, List.of(Violation.ofRequest(code, detail)));
    }

    private static ProblemException unknown() {
        return ProblemException.notFound("Nobody has asked to deliver an order of this id.");
    }
}
