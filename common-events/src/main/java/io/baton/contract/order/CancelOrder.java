package io.baton.contract.order;

import io.baton.contract.OrderId;

/**
 * Everything done for the order was undone: it is cancelled for a reason.
 *
 * @param code one of {@link io.baton.contract.RefusalCode}
 * @param step the saga's step that refused, did not answer, or was next
 * @param message one sentence for the customer
 */
public record CancelOrder(OrderId orderId, String code, String step, String message) implements OrderCommand {}
