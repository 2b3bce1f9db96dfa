package io.baton.order;

/**
 * Why an order was cancelled.
 *
 * @param code one of {@link io.baton.contract.RefusalCode}
 * @param step the saga's step that refused or did not answer
 * @param message one sentence for the customer
 */
public record CancellationReason(String code, String step, String message) {}
