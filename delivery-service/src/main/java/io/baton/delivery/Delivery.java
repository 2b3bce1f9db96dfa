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
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

/** The delivery of one order, or the decision that there is none. Never changed. */
@Entity
@Immutable
public class Delivery implements Persistable<Long> {

    /** What was decided. */
    public enum Status {
        /** It is in the carrier's plan. */
        SCHEDULED,
        /** The country is not served. */
        REFUSED
    }

    @Id
    @Column(name = "order_id")
    private Long orderId;

    @Column(name = "delivery_id")
    private @Nullable String deliveryId;

    @Enumerated(EnumType.STRING)
    private Status status;

    private String country;

    @JdbcTypeCode(SqlTypes.JSON)
    private @Nullable Address address;

    @Column(name = "decided_at")
    private Instant decidedAt;

    @Transient
    private boolean stored;

    @SuppressWarnings("NullAway.Init")
    protected Delivery() {}

    private Delivery(OrderId orderId, Status status, String country, Instant decidedAt) {
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

    public OrderId orderId() {
        return new OrderId(orderId);
    }

    /** Present exactly with {@link Status#SCHEDULED}. */
    public @Nullable String deliveryId() {
        return deliveryId;
    }

    public Status status() {
        return status;
    }

    public String country() {
        return country;
    }

    /** Personal data. Present exactly with {@link Status#SCHEDULED}. */
    public @Nullable Address address() {
        return address;
    }

    public Instant decidedAt() {
        return decidedAt;
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
