package io.baton.lab.check;

import io.baton.contract.Tsid;
import io.baton.lab.check.ClientHistory.Read;
import io.baton.lab.check.StackDescription.Service;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** P1 to P4: what a client was told is so. */
final class AcceptancePromises implements Promises {

    private static final int CHUNK = 5_000;

    private final Evidence accepted = new Evidence("P1", "every accepted order exists and has exactly one saga");
    private final Evidence rejected = new Evidence("P2", "a rejected request has no effect");
    private final Evidence keys = new Evidence("P3", "one order per idempotency key");
    private final Evidence reads = new Evidence("P4", "a client never reads the past");
    private final ClientHistory history;

    /** The orders that a client has read and that were undone after they were completed. */
    private final Set<Long> undone = new HashSet<>();

    private long orders;
    private long told;
    private long storedKeys;

    AcceptancePromises(ClientHistory history) {
        this.history = history;
    }

    @Override
    public void order(OrderDossier order) {
        if (order.client() != null) {
            told++;
            accepted.examined();
            accepted.expect(order.order() != null, "order %s was accepted but does not exist", order.name());
        }
        if (order.order() != null) {
            orders++;
            accepted.examined();
            accepted.expect(order.saga() != null, "order %s has no saga", order.name());
        } else if (order.saga() != null) {
            accepted.examined();
            accepted.violated(
                    "saga %s is about order %s, which does not exist or has another saga",
                    Tsid.format(order.saga().sagaId()), order.name());
        }
        if (order.order() == null && order.cancellation() != null) {
            accepted.examined();
            accepted.violated(
                    "saga %s undoes order %s, which does not exist",
                    Tsid.format(order.cancellation().sagaId()), order.name());
        }
        Stream.of(order.saga(), order.cancellation())
                .filter(saga -> saga != null && saga.phase() < 0)
                .forEach(saga -> accepted.violated("saga %s has data but no state", Tsid.format(saga.sagaId())));
        if (order.cancellation() != null && order.cancelled() && history.reads().containsKey(order.id())) {
            undone.add(order.id());
        }
    }

    @Override
    public void query(Databases databases) throws SQLException {
        storedKeys = databases.number(Service.ORDER, "select count(*) from idempotency_key");
        keys.examined(storedKeys);
        databases.forEach(
                Service.ORDER,
                "select order_id, min(key), max(key) from idempotency_key group by order_id having count(*) > 1",
                row -> keys.violated(
                        "order %s has the keys %s and %s",
                        Tsid.format(row.getLong(1)), row.getString(2), row.getString(3)));
        Map<String, Long> stored = storedKeys(databases);
        history.idsByKey().forEach((key, ids) -> {
            keys.expect(ids.stream().distinct().count() == 1, "key %s was answered with several orders", key);
            keys.expect(
                    stored.containsKey(key) && Objects.equals(stored.get(key), ids.getFirst()),
                    "key %s was answered with order %s but stands for %s",
                    key, Tsid.format(ids.getFirst()), stored.containsKey(key) ? Tsid.format(stored.get(key)) : "none");
        });
        history.rejectedKeys().forEach(key -> {
            rejected.examined();
            rejected.expect(!stored.containsKey(key), "the request with key %s was rejected but made an order", key);
        });
        history.reads().forEach(this::reads);
    }

    @Override
    public List<Finding> findings() {
        return List.of(
                accepted.finding("%,d orders, %,d of them known to a client", orders, told),
                rejected.finding("%,d rejected requests with a key", rejected.count()),
                keys.finding("%,d stored keys, %,d known to a client", storedKeys, history.idsByKey().size()),
                reads.finding("%,d reads of %,d orders", reads.count(), history.reads().size()));
    }

    private void reads(long orderId, List<Read> ofOne) {
        Read last = null;
        for (Read read : ofOne) {
            reads.examined();
            reads.expect(read.httpStatus() != 404, "order %s was accepted but then not found", Tsid.format(orderId));
            if (read.status() == null) {
                continue;
            }
            // Of two reads at the same time, either may see the other's past.
            if (last != null && last.end() <= read.begin()) {
                reads.expect(
                        read.version() >= last.version(),
                        "order %s was read in version %d and later in %d",
                        Tsid.format(orderId), last.version(), read.version());
                reads.expect(
                        Objects.equals(last.status(), "PENDING") || Objects.equals(last.status(), read.status())
                                || undone.contains(orderId) && Objects.equals(last.status(), "COMPLETED"),
                        "order %s was read as %s and later as %s",
                        Tsid.format(orderId), last.status(), read.status());
            }
            last = read;
        }
    }

    /** The order that each key stands for, of the keys that a client used. */
    private Map<String, Long> storedKeys(Databases databases) throws SQLException {
        Map<String, Long> stored = new HashMap<>();
        List<String> known = new ArrayList<>(history.idsByKey().keySet());
        known.addAll(history.rejectedKeys());
        for (int from = 0; from < known.size(); from += CHUNK) {
            List<String> some = known.subList(from, Math.min(from + CHUNK, known.size()));
            databases
                    .list(
                            Service.ORDER,
                            "select key, order_id from idempotency_key where key = any(?)",
                            "text",
                            some,
                            row -> Map.entry(row.getString(1), row.getLong(2)))
                    .forEach(entry -> stored.put(entry.getKey(), entry.getValue()));
        }
        return stored;
    }
}
