package io.baton.payment;

import io.baton.contract.Money;
import io.baton.contract.OrderId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call to the gateway that this process has taken upon itself, for a while.
 *
 * @param idempotencyKey the same for every try
 * @param captureKey the key of the capture: for a refund, of what it gives back
 * @param claim counts the tries from 1
 * @param mayBeKnown whether the gateway may have heard of it before this claim
 * @param refundWanted whether what a capture takes would have to be given back at once
 * @param command the command that waits for the outcome, if one does
 * @param claimedAt the database's time
 */
public record ClaimedCall(
        Kind kind,
        OrderId orderId,
        String idempotencyKey,
        String captureKey,
        String cardToken,
        Money amount,
        int claim,
        boolean mayBeKnown,
        boolean refundWanted,
        @Nullable String command,
        Instant claimedAt) {

    /** Which way the money is to go. */
    public enum Kind {
        CAPTURE,
        REFUND
    }

    /** A capture that nobody wants any more and of which the gateway cannot have heard: better not asked for at all. */
    public boolean isNeedless() {
        return kind == Kind.CAPTURE && refundWanted && !mayBeKnown;
    }

    /** Leaves the card's token out. */
    @Override
    public String toString() {
        return "ClaimedCall[" + kind + " " + idempotencyKey + ", claim " + claim + "]";
    }
}
