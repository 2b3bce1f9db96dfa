package io.baton.order;

import io.baton.contract.Money;
import io.baton.contract.OrderId;
import io.baton.contract.RefusalCode;
import io.baton.order.Cancellation.State;
import io.baton.order.Cancellation.Subject;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Objects;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/**
 * An order that was placed. It ends once, one way or the other; only a completed one may be cancelled afterwards. Rows
 * are inserted by {@link OrderIntake} in bulk and changed here, under a row lock.
 */
@Entity
@Table(name = "orders")
public class Order {

    private static final String NOT_NOW = "The order cannot be cancelled at the moment. Try again once it is completed: "
            + "until it is dispatched, it still can be.";

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

    @Embedded
    private @Nullable Cancellation cancellation;

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

    /** Everything that was done for the completed order was undone. Doing it again changes nothing. */
    Ending cancelCompleted(CancellationReason reason, Instant now) {
        return switch (status) {
            case COMPLETED -> end(OrderStatus.CANCELLED, reason, now);
            case CANCELLED -> new Ending.Ended(ended());
            case PENDING -> new Ending.NotEnded();
        };
    }

    /**
     * The customer wants it undone. While an order is fulfilled, that may be wished again and again; of a completed one,
     * once. The wish that came before the completion is lost by then, whether or not its refusal has arrived.
     */
    CancellationAnswer requestCancellation(@Nullable String reason, Instant now) {
        return switch (status) {
            case PENDING -> request(Subject.FULFILMENT, reason, now);
            case COMPLETED -> cancellation != null
                            && cancellation.of() == Subject.COMPLETED_ORDER
                            && cancellation.state() == State.REFUSED
                    ? new CancellationAnswer.RefusedForGood(
                            cancellation.code(), Objects.requireNonNull(cancellation.message()))
                    : request(Subject.COMPLETED_ORDER, reason, now);
            case CANCELLED -> new CancellationAnswer.CancelledAlready(snapshot());
        };
    }

    private CancellationAnswer request(Subject of, @Nullable String reason, Instant now) {
        if (cancellation != null && cancellation.awaits(of)) {
            return new CancellationAnswer.Requested(snapshot(), false);
        }
        cancellation = Cancellation.requested(of, reason);
        change(now);
        return new CancellationAnswer.Requested(snapshot(), true);
    }

    /** What was wished to be undone, last. */
    Subject cancellationSubject() {
        return Objects.requireNonNull(cancellation, "Nobody wished that this order be cancelled").of();
    }

    /** The fulfilment could not be undone. A wish that is answered already, or about something else, stays. */
    void refuseCancellation(Instant now) {
        if (cancellation != null && cancellation.awaits(Subject.FULFILMENT)) {
            cancellation = cancellation.refused(RefusalCode.NOT_CANCELLABLE_NOW, NOT_NOW);
            change(now);
        }
    }

    /**
     * The completed order could not be undone. That is noted even if nobody wished for it here: whoever does so later
     * must hear it, since nobody would try again.
     */
    Keeping keep(String code, String message, Instant now) {
        if (status == OrderStatus.CANCELLED) {
            return new Keeping.CancelledAlready();
        }
        Cancellation wished = cancellation == null || cancellation.of() != Subject.COMPLETED_ORDER
                ? Cancellation.requested(Subject.COMPLETED_ORDER, null)
                : cancellation;
        Cancellation refused = wished.refused(code, message);
        if (!refused.equals(cancellation)) {
            cancellation = refused;
            change(now);
        }
        return new Keeping.Kept();
    }

    public OrderSnapshot snapshot() {
        return new OrderSnapshot(
                id(),
                customerId,
                status,
                version,
                reason(),
                cancellation,
                StoredLines.read(lines, currency),
                new Money(totalMinor, currency),
                placedAt,
                updatedAt);
    }

    private Ending end(OrderStatus end, @Nullable CancellationReason reason, Instant now) {
        status = end;
        if (reason != null) {
            reasonCode = reason.code();
            reasonStep = reason.step();
            reasonMessage = reason.message();
        }
        if (end == OrderStatus.CANCELLED && cancellation != null && cancellation.state() == State.REQUESTED) {
            cancellation = cancellation.granted();
        }
        change(now);
        return new Ending.Ended(ended());
    }

    private void change(Instant now) {
        version++;
        // Never back in time, whatever two machines' clocks say.
        updatedAt = now.isBefore(updatedAt) ? updatedAt : now;
    }

    private EndedOrder ended() {
        return new EndedOrder(id(), status, version, reason(), cancellation, updatedAt);
    }

    private @Nullable CancellationReason reason() {
        return reasonCode == null || reasonStep == null || reasonMessage == null
                ? null
                : new CancellationReason(reasonCode, reasonStep, reasonMessage);
    }
}
