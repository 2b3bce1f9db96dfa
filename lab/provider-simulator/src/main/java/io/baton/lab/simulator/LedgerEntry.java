package io.baton.lab.simulator;

import java.time.Instant;

/**
 * One movement of money, as the gateway booked it. The ledger only ever grows.
 *
 * @param id the gateway's own name for it
 * @param idempotencyKey the key of the request that caused it; one entry per key
 * @param chargeKey for a refund, the key of the capture that it gives back; for a capture, its own key
 * @param reference what the merchant called it: the order id
 * @param amountMinor in the currency's smallest unit, always more than zero
 */
public record LedgerEntry(
        String id,
        Kind kind,
        String idempotencyKey,
        String chargeKey,
        String reference,
        long amountMinor,
        String currency,
        Instant at) {

    /** Which way the money went. */
    public enum Kind {
        /** From the card to the merchant. */
        CAPTURE,
        /** Back to the card. */
        REFUND
    }
}
