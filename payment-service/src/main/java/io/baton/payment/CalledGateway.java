package io.baton.payment;

import java.time.Instant;

/**
 * A call that was made, with its answer.
 *
 * @param retryAt when to ask again if the answer decides nothing; the database's time
 */
public record CalledGateway(ClaimedCall call, GatewayAnswer answer, Instant retryAt) {}
