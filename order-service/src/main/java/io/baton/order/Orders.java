package io.baton.order;

import io.baton.contract.OrderId;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The orders that were placed. */
public interface Orders {

    /** The order, or {@code null}. Needs no transaction. */
    @Nullable Order find(OrderId id);

    /** Locks the orders in the order of their ids and keeps them at hand for {@link #locked}, in one query. */
    void lockAll(Collection<OrderId> ids);

    /** The order, locked until the open transaction ends, or {@code null}. */
    @Nullable Order locked(OrderId id);

    /** Those of the orders that have ended. */
    List<EndedOrder> endedAmong(Collection<OrderId> ids);
}
