package io.baton.messaging;

/** Another transaction got there first. This one is rolled back; read again, the batch will find what the other did. */
final class LostRaceException extends RuntimeException {

    LostRaceException(String message) {
        super(message);
    }
}
