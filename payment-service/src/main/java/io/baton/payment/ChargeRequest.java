package io.baton.payment;

import io.baton.contract.Money;
import io.baton.contract.OrderId;

/** @param amount more than zero */
public record ChargeRequest(OrderId orderId, String customerId, Money amount, PaymentSource source) {

    public ChargeRequest {
        if (amount.minorUnits() <= 0) {
            throw new IllegalArgumentException("Expected an amount above zero for order " + orderId);
        }
    }
}
