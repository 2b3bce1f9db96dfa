package io.baton.contract.delivery;

import io.baton.contract.OrderId;
import io.baton.contract.Refusal;

/** Nothing was scheduled: {@code ADDRESS_NOT_SERVED}. */
public record DeliveryRefused(OrderId orderId, String code, String message) implements DeliveryOutcome, Refusal {}
