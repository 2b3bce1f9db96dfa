package io.baton.messaging;

/** A record that is not what its topic's contract says. It becomes a dead letter; trying again would not help. */
public class MalformedMessageException extends RuntimeException {

    public MalformedMessageException(String message) {
        super(message);
    }

    public MalformedMessageException(String message, Throwable cause) {
        super(message, cause);
    }
}
