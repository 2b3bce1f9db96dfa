package io.baton.order;

/** More requests wait to be stored than make sense to keep waiting. Nothing of the refused one was stored. */
public final class IntakeFullException extends RuntimeException {

    IntakeFullException() {
        super("The intake is full", null, false, false);
    }
}
