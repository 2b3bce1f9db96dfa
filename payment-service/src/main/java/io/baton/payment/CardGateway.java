package io.baton.payment;

import io.baton.contract.Money;

/**
 * The outside house that moves money from and to cards. It does each thing once per idempotency key, so everything
 * may be asked again with the same key, and has to be when the answer is {@link GatewayAnswer.Undecided}.
 */
public interface CardGateway {

    /**
     * Takes {@code amount} from the card. Never throws for what the gateway or the way to it does.
     *
     * @param reference what our side calls it: the order id
     */
    GatewayAnswer capture(String idempotencyKey, String cardToken, Money amount, String reference);

    /** Gives back the whole of what was captured under {@code captureKey}. Never throws either. */
    GatewayAnswer refund(String idempotencyKey, String captureKey);
}
