package io.baton.lab.simulator;

/** A request that cannot be understood. Nothing was done. The message tells the caller what to send instead. */
final class BadRequest extends RuntimeException {

    BadRequest(String message) {
        super(message);
    }
}
