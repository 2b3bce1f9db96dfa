package io.baton.order;

import io.baton.contract.Money;
import io.baton.contract.OrderId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/**
 * An order that was placed. It ends once, one way or the other. Rows are inserted by {@link OrderIntake} in bulk and
 * changed here, under a row lock.
 */
@Entity
@Table(name = "orders")
public class Order {

    @Id
    private long id;

    @Column(updatable = false)
    private String customerId;

    @Enumerated(EnumType.STRING)
    private OrderStatus status;

    private int version;
    private @Nullable String reasonCode;
    private @Nullable String reasonStep;
    private @Nullable String reasonMessage;

    @Column(updatable = false)
    @JdbcTypeCode(SqlTypes.JSON)
    private String lines;

    @Column(updatable = false)
    private long totalMinor;

    @Column(updatable = false)
    private String currency;

    @Column(updatable = false)
    private Instant placedAt;

    private Instant updatedAt;

    /** For JPA, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    protected Order() {}

    public OrderId id() {
        return new OrderId(id);
    }

    /** The saga succeeded. Completing a completed order changes nothing. */
    Ending complete(Instant now) {
        return switch (status) {
            case PENDING -> end(OrderStatus.COMPLETED, null, now);
            case COMPLETED -> new Ending.Ended(ended());
            case CANCELLED -> new Ending.EndedOtherwise(status);
        };
    }

    /** The saga was undone. Cancelling a cancelled order changes nothing, the reason included. */
    Ending cancel(CancellationReason reason, Instant now) {
        return switch (status) {
            case PENDING -> end(OrderStatus.CANCELLED, reason, now);
            case CANCELLED -> new Ending.Ended(ended());
            case COMPLETED -> new Ending.EndedOtherwise(status);
        };
    }

    public OrderSnapshot snapshot() {
        return new OrderSnapshot(
                id(),
                customerId,
                status,
                version,
                reason(),
                StoredLines.read(lines, currency),
                new Money(totalMinor, currency),
                placedAt,
                updatedAt);
    }

    private Ending end(OrderStatus end, @Nullable CancellationReason reason, Instant now) {
        status = end;
        version++;
        if (reason != null) {
            reasonCode = reason.code();
            reasonStep = reason.step();
            reasonMessage = reason.message();
        }
        // Never before the placing, whatever two machines' clocks say.
        updatedAt = now.isBefore(placedAt) ? placedAt : now;
        return new Ending.Ended(ended());
    }

    private EndedOrder ended() {
        return new EndedOrder(id(), status, version, reason(), updatedAt);
    }

    private @Nullable CancellationReason reason() {
        return reasonCode == null || reasonStep == null || reasonMessage == null
                ? null
                : new CancellationReason(reasonCode, reasonStep, reasonMessage);
    }
}
