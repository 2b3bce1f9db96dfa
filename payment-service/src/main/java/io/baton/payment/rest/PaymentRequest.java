package io.baton.payment.rest;

import io.baton.contract.Money;
import io.baton.contract.OrderId;
import io.baton.http.MoneyJson;
import io.baton.http.Violations;
import io.baton.payment.ChargeRequest;
import io.baton.payment.Payment;
import io.baton.payment.PaymentSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an order is to be charged. */
record PaymentRequest(
        @Nullable String orderId, @Nullable String customerId, @Nullable MoneyJson amount, @Nullable Source payment) {

    /** @param token the gateway's name for the card; given exactly with CARD */
    record Source(Payment.@Nullable Method method, @Nullable String token) {

        private static final int TOKEN_MAX = 255;

        @Nullable PaymentSource checked(Violations violations) {
            if (!violations.requirePresent("/payment/method", method)) {
                return null;
            }
            return switch (Objects.requireNonNull(method)) {
                case WALLET -> {
                    if (token != null) {
                        violations.add(
                                "/payment/token", "NOT_ALLOWED", "Leave the token out unless the method is CARD.");
                    }
                    yield new PaymentSource.FromWallet();
                }
                case CARD -> violations.requireIdentifier("/payment/token", token, TOKEN_MAX)
                        ? new PaymentSource.FromCard(Objects.requireNonNull(token))
                        : null;
            };
        }
    }

    /** @throws io.baton.http.ProblemException a 400 that names everything that is wrong */
    ChargeRequest checked() {
        Violations violations = new Violations();
        OrderId order = checkedOrderId(violations);
        violations.requireIdentifier("/customerId", customerId, CustomerIds.MAX_LENGTH);
        Money checkedAmount = MoneyJson.read("/amount", amount, 1, violations);
        PaymentSource source = violations.requirePresent("/payment", payment)
                ? Objects.requireNonNull(payment).checked(violations)
                : null;
        violations.throwIfAny();
        return new ChargeRequest(
                Objects.requireNonNull(order),
                Objects.requireNonNull(customerId),
                Objects.requireNonNull(checkedAmount),
                Objects.requireNonNull(source));
    }

    private @Nullable OrderId checkedOrderId(Violations violations) {
        if (!violations.requirePresent("/orderId", orderId)) {
            return null;
        }
        try {
            return OrderId.parse(Objects.requireNonNull(orderId));
        } catch (IllegalArgumentException e) {
            violations.add(
                    "/orderId", "WRONG_FORMAT", "Expected an order id of 13 characters, as GET /orders gives it.");
            return null;
        }
    }
}
