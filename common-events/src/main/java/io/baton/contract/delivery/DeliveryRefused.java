package io.baton.contract.delivery;

import io.baton.contract.OrderId;
import io.baton.contract.Refusal;

/** Nothing was scheduled: {@code ADDRESS_NOT_SERVED}; or nothing was cancelled: {@code ALREADY_SHIPPED}. */
public record DeliveryRefused(OrderId orderId, String code, String message) implements DeliveryOutcome, Refusal {}
