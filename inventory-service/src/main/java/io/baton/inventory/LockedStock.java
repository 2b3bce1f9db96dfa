package io.baton.inventory;

import io.baton.contract.OrderId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hibernate.exception.ConstraintViolationException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Scope;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The products and reservations that one transaction works on, each locked and loaded once.
 *
 * <p>What will be needed is announced first, by as many callers as there are; the first use locks the products of all
 * of them by one query, in the order of their SKUs. So a batch that reserves, releases and ships has the same lock
 * order as any other transaction. Using what was not announced is correct too, but costs a query of its own, and may
 * end in a deadlock, whose loser is rolled back and tries again.
 *
 * <p>The locks on the products also keep reservations from being changed by two at a time: who changes a reservation
 * has locked all products in it, before it loads the reservation.
 */
@Component
@Scope("transaction")
class LockedStock implements TransactionSynchronization {

    private static final String ONE_PER_ORDER = "reservation_pkey";

    private final Products products;
    private final Reservations reservations;

    private final Set<String> announcedSkus = new HashSet<>();
    private final Set<Long> announcedOrders = new HashSet<>();
    private final Set<Long> announcedHolders = new HashSet<>();

    /** Null for a SKU or an order that was looked for and is not there. */
    private final Map<String, @Nullable Product> productBySku = new HashMap<>();

    private final Map<Long, @Nullable Reservation> reservationByOrder = new HashMap<>();

    LockedStock(Products products, Reservations reservations) {
        this.products = products;
        this.reservations = reservations;
        TransactionSynchronizationManager.registerSynchronization(this);
    }

    /** A reservation is going to be asked for. */
    void announce(ReservationRequest request) {
        announceOrder(request.orderId());
        request.lines().forEach(line -> announceSku(line.sku()));
    }

    /** What the order holds or took is going to be released, shipped or returned. */
    void announceHolder(OrderId orderId) {
        if (announceOrder(orderId)) {
            announcedHolders.add(orderId.value());
        }
    }

    /** The locked product, or null if there is none with this SKU. */
    @Nullable Product product(String sku) {
        announceSku(sku);
        load();
        return productBySku.get(sku);
    }

    /** The order's reservation, or null if there is none. */
    @Nullable Reservation reservation(OrderId orderId) {
        announceOrder(orderId);
        load();
        return reservationByOrder.get(orderId.value());
    }

    /** Stores a reservation for an order that has none. */
    void add(Reservation reservation) {
        reservationByOrder.put(reservation.getId(), reservations.save(reservation));
    }

    /**
     * Writes everything.
     *
     * @throws ConcurrencyFailureException if another transaction has stored a reservation for one of the orders since
     *     they were loaded; trying again finds it
     */
    @Override
    public void beforeCommit(boolean readOnly) {
        try {
            reservations.flush();
        } catch (DataIntegrityViolationException e) {
            if (e.getCause() instanceof ConstraintViolationException violation
                    && ONE_PER_ORDER.equals(violation.getConstraintName())) {
                throw new ConcurrencyFailureException("Two transactions asked for one order's first reservation", e);
            }
            throw e;
        }
    }

    private boolean announceOrder(OrderId orderId) {
        boolean unknown = !reservationByOrder.containsKey(orderId.value());
        if (unknown) {
            announcedOrders.add(orderId.value());
        }
        return unknown;
    }

    private void announceSku(String sku) {
        if (!productBySku.containsKey(sku)) {
            announcedSkus.add(sku);
        }
    }

    private void load() {
        if (!announcedHolders.isEmpty()) {
            reservations.takenSkus(array(announcedHolders)).forEach(this::announceSku);
            announcedHolders.clear();
        }
        if (!announcedSkus.isEmpty()) {
            List<Product> found = products.lock(announcedSkus.toArray(String[]::new));
            announcedSkus.forEach(sku -> productBySku.put(sku, null));
            found.forEach(product -> productBySku.put(product.sku(), product));
            announcedSkus.clear();
        }
        if (!announcedOrders.isEmpty()) {
            List<Reservation> found = reservations.findAll(array(announcedOrders));
            announcedOrders.forEach(orderId -> reservationByOrder.put(orderId, null));
            found.forEach(reservation -> reservationByOrder.put(reservation.getId(), reservation));
            announcedOrders.clear();
        }
    }

    private static Long[] array(Collection<Long> orderIds) {
        return orderIds.toArray(Long[]::new);
    }
}
