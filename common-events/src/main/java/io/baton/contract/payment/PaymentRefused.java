package io.baton.contract.payment;

import io.baton.contract.OrderId;
import io.baton.contract.Refusal;

/** Nothing was taken: {@code INSUFFICIENT_FUNDS} or {@code CARD_DECLINED}. */
public record PaymentRefused(OrderId orderId, String code, String message) implements PaymentOutcome, Refusal {}
