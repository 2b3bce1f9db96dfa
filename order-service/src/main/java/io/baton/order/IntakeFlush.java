package io.baton.order;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One transaction for many new orders: their keys, their rows, and one outbox row with the wishes that their sagas
 * start.
 */
@Component
class IntakeFlush {

    private final PlacedOrders placedOrders;
    private final FulfilmentRequests fulfilment;
    private final TransactionTemplate transactions;

    IntakeFlush(
            PlacedOrders placedOrders, FulfilmentRequests fulfilment, PlatformTransactionManager transactionManager) {
        this.placedOrders = placedOrders;
        this.fulfilment = fulfilment;
        this.transactions = new TransactionTemplate(transactionManager);
    }

    /** What came of a flush, as a whole. */
    sealed interface Result {

        /** Committed; one placement for each order, in their order. */
        record Stored(List<Placement> placements) implements Result {}

        /**
         * Nothing was stored, unless the cause is an {@link OrderInDoubtException}.
         *
         * @param mayBeAnOrders whether one of the orders, and not the database's state, may be the reason
         */
        record Failed(RuntimeException cause, boolean mayBeAnOrders) implements Result {}
    }

    Result store(List<QueuedOrder> batch) {
        boolean[] wroteAll = new boolean[1];
        try {
            List<Placement> placements = transactions.execute(status -> {
                List<Placement> result = write(batch);
                wroteAll[0] = true;
                return result;
            });
            return new Result.Stored(placements == null ? List.of() : placements);
        } catch (RuntimeException e) {
            if (!isInfrastructure(e)) {
                return new Result.Failed(e, true);
            }
            return new Result.Failed(wroteAll[0] ? new OrderInDoubtException(e) : e, false);
        }
    }

    private List<Placement> write(List<QueuedOrder> batch) {
        Map<String, PlacedOrders.KnownKey> known = claimKeys(batch);
        List<Placement> placements = new ArrayList<>(batch.size());
        List<NewOrder> orders = new ArrayList<>(batch.size());
        List<FulfilmentRequests.Request> wishes = new ArrayList<>(batch.size());
        for (QueuedOrder queued : batch) {
            IdempotentRequest request = queued.request();
            PlacedOrders.@Nullable KnownKey before = request == null ? null : known.get(request.key());
            if (request != null && before != null) {
                placements.add(OrderIntake.placedBefore(request, before));
            } else {
                placements.add(new Placement.Placed(queued.order()));
                orders.add(queued.order());
                wishes.add(queued.fulfilment());
            }
        }
        if (!orders.isEmpty()) {
            placedOrders.insert(orders);
            fulfilment.send(wishes);
        }
        return placements;
    }

    private Map<String, PlacedOrders.KnownKey> claimKeys(List<QueuedOrder> batch) {
        List<PlacedOrders.Claim> claims = new ArrayList<>();
        for (QueuedOrder queued : batch) {
            if (queued.request() != null) {
                claims.add(new PlacedOrders.Claim(queued.request(), queued.order().id()));
            }
        }
        return claims.isEmpty() ? Map.of() : placedOrders.claim(claims);
    }

    private static boolean isInfrastructure(RuntimeException e) {
        return e instanceof TransactionException
                || e instanceof TransientDataAccessException
                || e instanceof RecoverableDataAccessException
                || e instanceof NonTransientDataAccessResourceException;
    }
}
