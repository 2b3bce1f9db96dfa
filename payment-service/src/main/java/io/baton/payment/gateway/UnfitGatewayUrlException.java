package io.baton.payment.gateway;

/** The service cannot start: it does not know where the card gateway is. */
final class UnfitGatewayUrlException extends RuntimeException {

    UnfitGatewayUrlException(String message) {
        super(message);
    }
}
