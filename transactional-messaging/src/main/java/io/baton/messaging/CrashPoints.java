package io.baton.messaging;

/**
 * Named moments at which a test may kill the process, to show that nothing is lost or done twice. In production nothing
 * listens.
 */
interface CrashPoints {

    String BEFORE_COMMIT = "before-commit";
    String AFTER_COMMIT = "after-commit";

    /** Half of a consumer's messages are given to the producer. */
    String MID_SEND = "mid-send";

    String AFTER_SEND = "after-send";

    CrashPoints NONE = point -> {};

    void reached(String point);
}
