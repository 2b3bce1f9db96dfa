package io.baton.contract.payment;

import io.baton.contract.OrderId;

/** What can be asked of the payment service. */
public sealed interface PaymentCommand permits ChargePayment, RefundPayment {

    OrderId orderId();
}
