package io.baton.payment.rest;

import io.baton.contract.OrderId;
import io.baton.http.Prefer;
import io.baton.http.ProblemException;
import io.baton.http.ProblemType;
import io.baton.http.Violation;
import io.baton.http.access.Caller;
import io.baton.http.access.Opening;
import io.baton.payment.Asker;
import io.baton.payment.ChargeRequest;
import io.baton.payment.ChargeResult;
import io.baton.payment.Payment;
import io.baton.payment.PaymentCharging;
import io.baton.payment.RefundResult;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.http.HttpMethod;
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
 * Payments for callers that do not use messages. A payment's id is its order's id, so each of these may be sent
 * again. A transaction that loses against another one is tried again: the second time it finds what the other one
 * did.
 */
@RestController
@RequestMapping("/payments")
@Retryable(includes = ConcurrencyFailureException.class, maxRetries = 5, delay = 20, jitter = 20, multiplier = 2)
class PaymentController {

    private static final ProblemType REFUSED = new ProblemType("payment-refused", 409, "The payment was refused");
    private static final ProblemType UNDONE =
            new ProblemType("payment-undone", 409, "The order's payment has been given back");
    private static final ProblemType DIFFERENT =
            new ProblemType("payment-differs", 409, "The order was charged something else before");

    /** How long a client that does not say so waits for the card gateway. */
    private static final Duration USUAL_WAIT = Duration.ofSeconds(3);

    private final PaymentCharging charging;
    private final DecisionWaits waits;

    PaymentController(PaymentCharging charging, DecisionWaits waits) {
        this.charging = charging;
        this.waits = waits;
    }

    /**
     * 201 when the order is charged now, 200 when it had been before, 202 while the card gateway has not decided, 409
     * with the refusal's code when nothing is taken.
     */
    @PostMapping
    ResponseEntity<PaymentBody> charge(@RequestBody PaymentRequest request, Prefer prefer) {
        ChargeRequest checked = request.checked();
        try (DecisionWaits.Wait wait = waits.open(checked.orderId())) {
            return switch (charging.charge(checked, new Asker.Visitor())) {
                case ChargeResult.Charged(Payment payment, boolean first) ->
                    first ? created(payment) : ResponseEntity.ok(PaymentBody.of(payment));
                case ChargeResult.Refused(String code, String message) -> throw refused(code, message);
                case ChargeResult.Undone() -> throw undone();
                case ChargeResult.Different() -> throw problem(
                        DIFFERENT, "PAYMENT_DIFFERS", "The order was charged another amount, customer or card before.");
                case ChargeResult.Undecided undecided -> {
                    wait.await(waitOf(prefer));
                    yield charged(current(checked.orderId()));
                }
            };
        }
    }

    @GetMapping("/{id}")
    PaymentBody payment(@PathVariable String id, Caller caller) {
        return charging.find(parse(id))
                .filter(payment -> caller.mayActFor(payment.customerId()))
                .map(PaymentBody::of)
                .orElseThrow(() -> ProblemException.notFound("This order has not been charged."));
    }

    /**
     * 200 when nothing is taken for the order (any more), 202 while the card gateway has not decided. For an order that
     * was never charged it is 200 too: it never will be then.
     */
    @DeleteMapping("/{id}")
    ResponseEntity<PaymentBody> refund(@PathVariable String id, Prefer prefer) {
        OrderId orderId = parse(id);
        try (DecisionWaits.Wait wait = waits.open(orderId)) {
            return switch (charging.refund(orderId, new Asker.Visitor())) {
                case RefundResult.Refunded(Payment payment) -> ResponseEntity.ok(PaymentBody.of(payment));
                case RefundResult.Undecided undecided -> {
                    wait.await(waitOf(prefer));
                    Payment payment = current(orderId);
                    yield payment.status() == Payment.Status.REFUNDING
                            ? accepted(payment)
                            : ResponseEntity.ok(PaymentBody.of(payment));
                }
            };
        }
    }

    private static ResponseEntity<PaymentBody> charged(Payment payment) {
        return switch (payment.status()) {
            case CHARGED -> created(payment);
            case PENDING -> accepted(payment);
            case REFUSED -> throw refused(
                    Objects.requireNonNull(payment.refusalCode()), Objects.requireNonNull(payment.refusalMessage()));
            case REFUNDING, REFUNDED -> throw undone();
        };
    }

    private Payment current(OrderId orderId) {
        return charging.find(orderId).orElseThrow();
    }

    private static Duration waitOf(Prefer prefer) {
        return prefer.waitSeconds() == null ? USUAL_WAIT : prefer.waitAtMost();
    }

    private static ResponseEntity<PaymentBody> created(Payment payment) {
        return ResponseEntity.created(location(payment)).body(PaymentBody.of(payment));
    }

    private static ResponseEntity<PaymentBody> accepted(Payment payment) {
        return ResponseEntity.accepted().location(location(payment)).body(PaymentBody.of(payment));
    }

    private static URI location(Payment payment) {
        return URI.create("/payments/" + payment.orderId());
    }

    private static OrderId parse(String id) {
        try {
            return OrderId.parse(id);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(List.of(Violation.ofRequest(
                    "WRONG_FORMAT", "Expected an order id of 13 characters in the path, as GET /orders gives it.")));
        }
    }

    private static ProblemException refused(String code, String message) {
        return problem(REFUSED, code, message + ".");
    }

    private static ProblemException undone() {
        return problem(UNDONE, "PAYMENT_UNDONE", "The order's payment has been given back, and is not taken again.");
    }

    private static ProblemException problem(ProblemType type, String code, String detail) {
        return new ProblemException(type, detail, List.of(Violation.ofRequest(code, detail)));
    }

    @Configuration(proxyBeanMethods = false)
    static class OpenToCustomers {

        @Bean
        Opening seeingPayments() {
            return new Opening(HttpMethod.GET, "/payments/{id}", Opening.To.CUSTOMERS);
        }
    }
}
