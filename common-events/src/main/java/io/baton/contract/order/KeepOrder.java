package io.baton.contract.order;

import io.baton.contract.OrderId;

/**
 * A completed order's cancellation was refused: the order stays as it is.
 *
 * @param code one of {@link io.baton.contract.RefusalCode}
 * @param message one sentence for the customer
 */
public record KeepOrder(OrderId orderId, String code, String message) implements OrderCommand {}
