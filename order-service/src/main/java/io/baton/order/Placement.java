package io.baton.order;

import io.baton.contract.OrderId;
import java.util.List;

/** What came of a customer's wish. */
public sealed interface Placement {

    /** The order is stored, and its saga will start. */
    record Placed(NewOrder order) implements Placement {}

    /**
     * The request was answered before.
     *
     * @param finalAnswer whether the first answer waited for the order's end and told it
     */
    record PlacedBefore(OrderId orderId, boolean finalAnswer) implements Placement {}

    /** The key belongs to another wish. */
    record KeyUsedOtherwise() implements Placement {}

    /** The first request with the key is being handled at this moment. */
    record KeyInFlight() implements Placement {}

    /** Nothing was stored, since this could never succeed. */
    record Impossible(List<Objection> objections) implements Placement {}
}
