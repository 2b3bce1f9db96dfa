package io.baton.lab.load;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The last few orders of which an end was heard. May be used by several threads. */
final class RecentEnds {

    private final int capacity;
    private final LinkedHashMap<Long, Boolean> completedById = new LinkedHashMap<>();

    RecentEnds(int capacity) {
        this.capacity = capacity;
    }

    synchronized void add(List<OrderEnds.End> ends) {
        // One of each batch is sample enough, and costs nothing.
        OrderEnds.End end = ends.isEmpty() ? null : ends.getFirst();
        if (end != null && completedById.putIfAbsent(end.orderId(), end.completed()) == null
                && completedById.size() > capacity) {
            completedById.pollFirstEntry();
        }
    }

    /** Whether each completed, by order id. */
    synchronized Map<Long, Boolean> ends() {
        return new LinkedHashMap<>(completedById);
    }
}
