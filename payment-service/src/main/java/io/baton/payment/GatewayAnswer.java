package io.baton.payment;

import io.baton.contract.Money;
import org.jspecify.annotations.Nullable;

/** What is known after the card gateway was asked, or was to be asked. */
public sealed interface GatewayAnswer {

    /**
     * It is in the gateway's ledger.
     *
     * @param gatewayId the gateway's name for it
     * @param amount what the gateway says that it booked
     */
    record Booked(String gatewayId, Money amount) implements GatewayAnswer {}

    /** The card was declined. Nothing was booked, and nothing will be under this key. */
    record Declined() implements GatewayAnswer {}

    /**
     * Whether it is booked is not known: no answer in time, an error, nonsense, or never asked.
     *
     * @param mayBeKnown whether this call may have reached the gateway
     * @param problem what a person should look at, if waiting will hardly help
     */
    record Undecided(boolean mayBeKnown, @Nullable String problem) implements GatewayAnswer {}

    /** It was not asked, because it is not wanted any more. */
    record NotAsked() implements GatewayAnswer {}
}
