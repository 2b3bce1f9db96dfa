package io.baton.order;

import io.baton.contract.OrderId;
import java.time.Instant;
import java.util.Collection;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Ends orders: the saga's last word about them. */
@Service
@Transactional(propagation = Propagation.MANDATORY)
public class OrderEnding {

    private final Orders orders;
    private final EndWatch watch;

    OrderEnding(Orders orders, EndWatch watch) {
        this.orders = orders;
        this.watch = watch;
    }

    /** Loads and locks what the next calls will need, in one query. */
    public void prepare(Collection<OrderId> ids) {
        orders.lockAll(ids);
    }

    public Ending complete(OrderId id, Instant now) {
        Order order = orders.locked(id);
        return order == null ? new Ending.NoSuchOrder() : announced(order.complete(now));
    }

    public Ending cancel(OrderId id, CancellationReason reason, Instant now) {
        Order order = orders.locked(id);
        return order == null ? new Ending.NoSuchOrder() : announced(order.cancel(reason, now));
    }

    /** Ends an order a second time: it was completed, and that was undone. */
    public Ending cancelCompleted(OrderId id, CancellationReason reason, Instant now) {
        Order order = orders.locked(id);
        return order == null ? new Ending.NoSuchOrder() : announced(order.cancelCompleted(reason, now));
    }

    private Ending announced(Ending ending) {
        if (ending instanceof Ending.Ended(var order)) {
            watch.tellAfterCommit(order);
        }
        return ending;
    }
}
