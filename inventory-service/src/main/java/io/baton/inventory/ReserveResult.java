package io.baton.inventory;

/** What became of the wish to reserve. */
public sealed interface ReserveResult {

    /**
     * All lines were put aside for the order, now or before (and may have been shipped since).
     *
     * @param first false if this had been answered before
     */
    record Held(Reservation reservation, boolean first) implements ReserveResult {}

    /** Something is missing, or was when it was first asked for; nothing is held. */
    record OutOfStock(String message) implements ReserveResult {}

    /** The order was released, perhaps before it ever reserved; nothing is held and nothing will be. */
    record Released(String message) implements ReserveResult {}

    /** The order had asked for other goods before; those are as they were, and these are not held. */
    record Different(String message) implements ReserveResult {}
}
