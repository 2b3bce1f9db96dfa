package io.baton.delivery;

import io.baton.contract.OrderId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.Transient;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.Mutability;
import org.hibernate.type.SqlTypes;
import org.hibernate.type.descriptor.java.Immutability;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

/**
 * The delivery of one order, or the decision that there is none. One that is scheduled ends once, one way or the other;
 * whoever ends it has locked it.
 */
@Entity
public class Delivery implements Persistable<Long> {

    /** What was decided. */
    public enum Status {
        /** It is in the carrier's plan. */
        SCHEDULED,
        /** The country is not served. */
        REFUSED,
        /** It is on its way. */
        DISPATCHED,
        /** Nobody goes there any more, or ever will. */
        CANCELLED
    }

    @Id
    @Column(name = "order_id")
    private Long orderId;

    @Column(name = "delivery_id", updatable = false)
    private @Nullable String deliveryId;

    @Enumerated(EnumType.STRING)
    private Status status;

    @Column(updatable = false)
    private @Nullable String country;

    @Mutability(Immutability.class)
    @JdbcTypeCode(SqlTypes.JSON)
    private @Nullable Address address;

    @Column(name = "decided_at", updatable = false)
    private Instant decidedAt;

    @Column(name = "ended_at")
    private @Nullable Instant endedAt;

    @Transient
    private boolean stored;

    @SuppressWarnings("NullAway.Init")
    protected Delivery() {}

    private Delivery(OrderId orderId, Status status, @Nullable String country, Instant decidedAt) {
        this.orderId = orderId.value();
        this.status = status;
        this.country = country;
        this.decidedAt = decidedAt;
    }

    /** The delivery's id is made from the order's, so that the same order never has two. */
    static Delivery scheduled(OrderId orderId, Address address, Instant now) {
        Delivery delivery = new Delivery(orderId, Status.SCHEDULED, address.country(), now);
        delivery.deliveryId = "D-" + orderId;
        delivery.address = address;
        return delivery;
    }

    /** Keeps no address, since nobody goes there. */
    static Delivery refused(OrderId orderId, String country, Instant now) {
        return new Delivery(orderId, Status.REFUSED, country, now);
    }

    /** For an order that nobody asked to deliver yet: a wish that still comes is refused. */
    static Delivery cancelledBeforeScheduled(OrderId orderId, Instant now) {
        Delivery delivery = new Delivery(orderId, Status.CANCELLED, null, now);
        delivery.endedAt = now;
        return delivery;
    }

    void becomeDispatched(Instant now) {
        end(Status.DISPATCHED, now);
    }

    /** Forgets the address, since nobody goes there any more. */
    void becomeCancelled(Instant now) {
        end(Status.CANCELLED, now);
        address = null;
    }

    private void end(Status end, Instant now) {
        if (status != Status.SCHEDULED) {
            throw new IllegalStateException("Expected a delivery that is SCHEDULED but " + orderId() + " is " + status);
        }
        status = end;
        // As exactly as it is stored, so that every later answer shows the same.
        endedAt = now.truncatedTo(ChronoUnit.MICROS);
    }

    public OrderId orderId() {
        return new OrderId(orderId);
    }

    /** Present if it was ever scheduled. */
    public @Nullable String deliveryId() {
        return deliveryId;
    }

    public Status status() {
        return status;
    }

    /** Null exactly if it was cancelled before anybody asked for it. */
    public @Nullable String country() {
        return country;
    }

    /** Personal data. Present exactly with {@link Status#SCHEDULED} and {@link Status#DISPATCHED}. */
    public @Nullable Address address() {
        return address;
    }

    public Instant decidedAt() {
        return decidedAt;
    }

    /** When it was dispatched or cancelled. */
    public @Nullable Instant endedAt() {
        return endedAt;
    }

    @Override
    public Long getId() {
        return orderId;
    }

    @Override
    public boolean isNew() {
        return !stored;
    }

    @PostLoad
    @PostPersist
    void becomeStored() {
        stored = true;
    }
}
