package io.baton.delivery.rest;

import io.baton.contract.OrderId;
import io.baton.delivery.DeliveryScheduling;
import io.baton.http.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Deliveries. Everybody may ask whether there is one and for which country; the operator alone sees whose it is. */
@RestController
@RequestMapping("/deliveries")
class DeliveryController {

    private final DeliveryScheduling scheduling;

    DeliveryController(DeliveryScheduling scheduling) {
        this.scheduling = scheduling;
    }

    @GetMapping("/{orderId}")
    ResponseEntity<DeliveryBody> delivery(@PathVariable String orderId, HttpServletRequest request) {
        DeliveryBody body = scheduling
                .find(parse(orderId))
                .map(delivery -> DeliveryBody.of(delivery, request.isUserInRole("OPERATOR")))
                .orElseThrow(DeliveryController::unknown);
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .header(HttpHeaders.VARY, HttpHeaders.AUTHORIZATION)
                .body(body);
    }

    private static OrderId parse(String orderId) {
        try {
            return OrderId.parse(orderId);
        } catch (IllegalArgumentException e) {
            throw unknown();
        }
    }

    private static ProblemException unknown() {
        return ProblemException.notFound("Nobody has asked to deliver an order of this id.");
    }
}
