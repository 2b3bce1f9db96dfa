package io.baton.contract.order;

import io.baton.contract.OrderId;

/**
 * The wish that a completed order be undone before it is shipped; also all that its saga knows.
 *
 * @param code one of {@link io.baton.contract.RefusalCode}
 * @param message the reason in one sentence, without personal data
 */
public record CancelCompletedOrder(OrderId orderId, String code, String message) {}
