package io.baton.orchestrator.testkit.loyalty;

import io.baton.contract.MessageType;
import io.baton.contract.Money;
import io.baton.contract.OrderId;
import io.baton.contract.Outcome;
import io.baton.contract.Topics;
import java.util.List;
import java.util.Set;

/** What the loyalty service and the orchestrator must agree on. */
public final class LoyaltyContract {

    // [messages
    /** Grants the points that an order is worth. */
    public record GrantPoints(OrderId orderId, String customerId, Money total) {}

    /** The points were granted. */
    public record PointsGranted(OrderId orderId, long points) implements Outcome {}

    public static final List<MessageType> MESSAGES = List.of(
            new MessageType("loyalty.GrantPoints", GrantPoints.class, Set.of("loyalty.commands")),
            new MessageType("loyalty.PointsGranted", PointsGranted.class, Set.of(Topics.SAGA_REPLIES)));
    // messages]

    private LoyaltyContract() {}
}
