package io.baton.payment.gateway;

/** The gateway answered something that its interface does not say. What it did is unknown; a person should look. */
final class GatewayNonsenseException extends RuntimeException {

    GatewayNonsenseException(String message) {
        super(message);
    }

    GatewayNonsenseException(String message, Throwable cause) {
        super(message, cause);
    }
}
