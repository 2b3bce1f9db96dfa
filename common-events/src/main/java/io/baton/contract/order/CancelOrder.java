package io.baton.contract.order;

import io.baton.contract.OrderId;

/**
 * The saga was undone: the order is cancelled for a reason.
 *
 * @param code one of {@link io.baton.contract.RefusalCode}
 * @param step the saga's step that refused or did not answer
 * @param message one sentence for the customer
 */
public record CancelOrder(OrderId orderId, String code, String step, String message) implements OrderCommand {}
