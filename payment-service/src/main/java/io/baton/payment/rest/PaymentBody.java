package io.baton.payment.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.baton.contract.Money;
import io.baton.http.MoneyJson;
import io.baton.payment.Payment;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A payment as clients see it. Without customer, method and amount if its refund came before its charge.
 *
 * @param paymentId the order's id
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PaymentBody(
        String paymentId,
        String orderId,
        @Nullable String customerId,
        Payment.Status status,
        Payment.@Nullable Method method,
        @Nullable MoneyJson amount,
        @Nullable Reason reason,
        Instant createdAt,
        Instant updatedAt) {

    /** Why it was refused. */
    record Reason(String code, @Nullable String message) {}

    static PaymentBody of(Payment payment) {
        Money amount = payment.amount();
        String code = payment.refusalCode();
        return new PaymentBody(
                payment.orderId().toString(),
                payment.orderId().toString(),
                payment.customerId(),
                payment.status(),
                payment.method(),
                amount == null ? null : MoneyJson.of(amount),
                code == null ? null : new Reason(code, payment.refusalMessage()),
                payment.createdAt(),
                payment.updatedAt());
    }
}
