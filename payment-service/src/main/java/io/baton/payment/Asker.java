package io.baton.payment;

/** Who asks for money to be moved, and so how he hears of an outcome that is not known at once. */
public sealed interface Asker {

    /**
     * A command, which is told by {@link WaitingCommands}.
     *
     * @param key its identity; the gateway's idempotency key too
     */
    record Command(String key) implements Asker {}

    /** Somebody who looks again himself. */
    record Visitor() implements Asker {}
}
