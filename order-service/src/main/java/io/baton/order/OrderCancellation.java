package io.baton.order;

import io.baton.contract.OrderId;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Takes customers' wishes that orders be undone, and notes which were refused. Whether one can still be granted is for
 * the sagas to say; those that are granted end the order, which is {@link OrderEnding}.
 */
@Service
public class OrderCancellation {

    private final Orders orders;
    private final CancellationRequests requests;
    private final Clock clock;

    OrderCancellation(Orders orders, CancellationRequests requests, Clock clock) {
        this.orders = orders;
        this.requests = requests;
        this.clock = clock;
    }

    /**
     * Wishes that the order be undone. Idempotent while nobody has answered; after a refusal it is a new wish, unless
     * that refusal was the last word.
     */
    @Transactional
    public CancellationAnswer request(OrderId id, @Nullable String reason) {
        Order order = orders.locked(id);
        if (order == null) {
            return new CancellationAnswer.NoSuchOrder();
        }
        CancellationAnswer answer =
                order.requestCancellation(reason, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        if (answer instanceof CancellationAnswer.Requested(var snapshot, boolean first) && first) {
            requests.send(snapshot, order.cancellationSubject());
        }
        return answer;
    }

    /** Loads and locks what the next calls will need, in one query. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void prepare(Collection<OrderId> ids) {
        orders.lockAll(ids);
    }

    /** The saga that fulfils the order cannot be undone now. Old news changes nothing. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void refuse(OrderId id, Instant now) {
        Order order = orders.locked(id);
        if (order != null) {
            order.refuseCancellation(now);
        }
    }

    /** The saga that was to undo the completed order could not, and there will be no other. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Keeping keep(OrderId id, String code, String message, Instant now) {
        Order order = orders.locked(id);
        return order == null ? new Keeping.NoSuchOrder() : order.keep(code, message, now);
    }
}
