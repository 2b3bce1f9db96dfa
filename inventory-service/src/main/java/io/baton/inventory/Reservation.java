package io.baton.inventory;

import io.baton.contract.OrderId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.List;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.Mutability;
import org.hibernate.type.SqlTypes;
import org.hibernate.type.descriptor.java.Immutability;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

/**
 * What an order asked of the stock and what became of it: one per order, for ever, so that asking again gives the same
 * answer.
 */
@Entity
public class Reservation implements Persistable<Long> {

    /** Where a reservation stands. {@code HELD} becomes one of the two after it, and {@code SHIPPED} may come back. */
    public enum Status {
        /** Its lines are reserved. */
        HELD,
        /** Its lines went back, or were never held and never will be, because the release came first. */
        RELEASED,
        /** Its lines left the shelf, because the order is completed. */
        SHIPPED,
        /** Something was missing when it was asked for, so nothing was held. */
        REFUSED
    }

    @Id
    @Column(name = "order_id")
    private Long orderId;

    @Enumerated(EnumType.STRING)
    private Status status;

    @JdbcTypeCode(SqlTypes.JSON)
    @Mutability(Immutability.class)
    @Column(updatable = false)
    private List<StockLine> lines;

    @Column(updatable = false)
    private @Nullable String refusal;

    /** Finds a concurrent change that the locks on the products did not keep out. Null until it is stored. */
    @Version
    private @Nullable Integer version;

    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @Column(name = "updated_at")
    private Instant updatedAt;

    @SuppressWarnings("NullAway.Init")
    protected Reservation() {}

    private Reservation(
            OrderId orderId, Status status, List<StockLine> lines, @Nullable String refusal, Instant now) {
        this.orderId = orderId.value();
        this.status = status;
        this.lines = lines;
        this.refusal = refusal;
        this.createdAt = now;
        this.updatedAt = now;
    }

    static Reservation held(ReservationRequest request, Instant now) {
        return new Reservation(request.orderId(), Status.HELD, request.lines(), null, now);
    }

    static Reservation refused(ReservationRequest request, String refusal, Instant now) {
        return new Reservation(request.orderId(), Status.REFUSED, request.lines(), refusal, now);
    }

    /** For an order that never reserved: a reservation that still comes is refused. */
    static Reservation releasedBeforeReserved(OrderId orderId, Instant now) {
        return new Reservation(orderId, Status.RELEASED, List.of(), null, now);
    }

    void becomeReleased(Instant now) {
        leave(Status.HELD, Status.RELEASED, now);
    }

    void becomeShipped(Instant now) {
        leave(Status.HELD, Status.SHIPPED, now);
    }

    void becomeReturned(Instant now) {
        leave(Status.SHIPPED, Status.RELEASED, now);
    }

    private void leave(Status expected, Status next, Instant now) {
        if (status != expected) {
            throw new IllegalStateException(
                    "Expected a reservation that is " + expected + " but " + orderId() + " is " + status);
        }
        status = next;
        updatedAt = now;
    }

    public OrderId orderId() {
        return new OrderId(orderId);
    }

    public Status status() {
        return status;
    }

    /** One per SKU, in the order of the SKUs. Empty if the release came before it. */
    public List<StockLine> lines() {
        return lines;
    }

    /** One sentence about what was missing; present exactly with {@link Status#REFUSED}. */
    public @Nullable String refusal() {
        return refusal;
    }

    @Override
    public Long getId() {
        return orderId;
    }

    @Override
    public boolean isNew() {
        return version == null;
    }
}
