package io.baton.payment.gateway;

/** The gateway said that it is in trouble. What it did is unknown; asking again with the same key may help. */
final class GatewayFailedException extends Exception {

    GatewayFailedException(int status) {
        super("The gateway answered " + status);
    }
}
