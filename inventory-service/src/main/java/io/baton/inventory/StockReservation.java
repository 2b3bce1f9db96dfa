package io.baton.inventory;

import io.baton.contract.OrderId;
import io.baton.inventory.ReleaseResult.AlreadyShipped;
import io.baton.inventory.ReserveResult.Different;
import io.baton.inventory.ReserveResult.Held;
import io.baton.inventory.ReserveResult.OutOfStock;
import java.time.Clock;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Puts stock aside for orders, all lines of an order or none.
 *
 * <p>Everything is idempotent by order id: the same again gives the same answer and changes nothing. Each method joins
 * the transaction that is open, or runs in one of its own; what it did is there once that has committed. When two
 * transactions meet on one order, one of them may fail as a whole with a
 * {@link org.springframework.dao.ConcurrencyFailureException} and finds the other's result when it is tried again.
 */
@Service
@Transactional
public class StockReservation {

    private final Reservations reservations;
    private final ObjectProvider<LockedStock> lockedStock;
    private final Clock clock;

    StockReservation(Reservations reservations, ObjectProvider<LockedStock> lockedStock, Clock clock) {
        this.reservations = reservations;
        this.lockedStock = lockedStock;
        this.clock = clock;
    }

    /**
     * Says what the open transaction is going to {@link #reserve}, so that all of it is locked in one order. Reads
     * nothing yet.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void announceReservations(Collection<ReservationRequest> requests) {
        LockedStock stock = lockedStock.getObject();
        requests.forEach(stock::announce);
    }

    /** The same for what it is going to {@link #release}, {@link #ship} or {@link #takeBack}. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void announceChanges(Collection<OrderId> orderIds) {
        LockedStock stock = lockedStock.getObject();
        orderIds.forEach(stock::announceHolder);
    }

    /** Puts all lines aside, or none. A refusal is final: it stays one when goods come in later. */
    public ReserveResult reserve(ReservationRequest request) {
        LockedStock stock = lockedStock.getObject();
        stock.announce(request);
        Reservation earlier = stock.reservation(request.orderId());
        if (earlier != null) {
            return answerAgain(earlier, request);
        }
        String shortage = shortage(stock, request);
        if (shortage != null) {
            stock.add(Reservation.refused(request, shortage, clock.instant()));
            return new OutOfStock(shortage);
        }
        request.lines().forEach(line -> product(stock, line).reserve(line.quantity()));
        Reservation reservation = Reservation.held(request, clock.instant());
        stock.add(reservation);
        return new Held(reservation, true);
    }

    /**
     * Makes available again what the order holds. For an order that never reserved, it sees to it that it never will.
     */
    public ReleaseResult release(OrderId orderId) {
        LockedStock stock = lockedStock.getObject();
        stock.announceHolder(orderId);
        Reservation reservation = stock.reservation(orderId);
        if (reservation == null) {
            stock.add(Reservation.releasedBeforeReserved(orderId, clock.instant()));
            return new ReleaseResult.Released();
        }
        return switch (reservation.status()) {
            case HELD -> {
                reservation.lines().forEach(line -> product(stock, line).release(line.quantity()));
                reservation.becomeReleased(clock.instant());
                yield new ReleaseResult.Released();
            }
            case RELEASED, REFUSED -> new ReleaseResult.Released();
            case SHIPPED -> new AlreadyShipped("The goods of order " + orderId + " have been shipped");
        };
    }

    /**
     * What the order holds has left the house.
     *
     * @return false if it holds nothing (never reserved, refused, released, or shipped before); nothing is changed then
     */
    public boolean ship(OrderId orderId) {
        LockedStock stock = lockedStock.getObject();
        stock.announceHolder(orderId);
        Reservation reservation = stock.reservation(orderId);
        if (reservation == null || reservation.status() != Reservation.Status.HELD) {
            return false;
        }
        reservation.lines().forEach(line -> product(stock, line).ship(line.quantity()));
        reservation.becomeShipped(clock.instant());
        return true;
    }

    /**
     * What the order holds or took is available again, and stays so: a completion that is heard afterwards ships
     * nothing. For an order that never reserved, it sees to it that it never will.
     */
    public void takeBack(OrderId orderId) {
        if (release(orderId) instanceof AlreadyShipped) {
            LockedStock stock = lockedStock.getObject();
            Reservation reservation = Objects.requireNonNull(stock.reservation(orderId));
            reservation.lines().forEach(line -> product(stock, line).takeBack(line.quantity()));
            reservation.becomeReturned(clock.instant());
        }
    }

    /** What the order asked for and what became of it. */
    @Transactional(readOnly = true)
    public Optional<Reservation> find(OrderId orderId) {
        return reservations.findById(orderId.value());
    }

    private static ReserveResult answerAgain(Reservation earlier, ReservationRequest request) {
        if (earlier.status() == Reservation.Status.RELEASED) {
            return new ReserveResult.Released("Order " + request.orderId() + " has been released");
        }
        if (!earlier.lines().equals(request.lines())) {
            return new Different("Order " + request.orderId() + " has asked for other goods before");
        }
        return earlier.status() == Reservation.Status.REFUSED
                ? new OutOfStock(Objects.requireNonNull(earlier.refusal()))
                : new Held(earlier, false);
    }

    private static @Nullable String shortage(LockedStock stock, ReservationRequest request) {
        for (StockLine line : request.lines()) {
            Product product = stock.product(line.sku());
            if (product == null) {
                return "There is no product " + line.sku();
            }
            if (product.available() < line.quantity()) {
                return "Only " + product.available() + " of " + line.sku() + " are available, but " + line.quantity()
                        + " were asked for";
            }
        }
        return null;
    }

    private static Product product(LockedStock stock, StockLine line) {
        return Objects.requireNonNull(stock.product(line.sku()), () -> "A held product is gone: " + line.sku());
    }
}
