package io.baton.payment;

import io.baton.contract.Money;
import io.baton.contract.OrderId;
import io.baton.payment.ClaimedCall.Kind;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.Transient;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

/**
 * The intention to ask the card gateway for something, which outlives any crash: it is written before the call, and the
 * outcome afterwards. Whoever changes one through this class has locked it; whoever makes the call has claimed it.
 */
@Entity
class GatewayCall implements Persistable<String> {

    /** How far the call has come. */
    enum State {
        /** A refund whose capture is not decided yet. */
        WAITING,
        /** To be called, or called with the outcome unknown. */
        OPEN,
        /** The gateway has booked it. */
        DONE,
        /** The card was declined; nothing was booked. */
        DECLINED,
        /** Not needed any more; the gateway was never asked. */
        DROPPED
    }

    @Id
    @Column(name = "idempotency_key")
    private String id;

    @Column(name = "order_id")
    private long orderId;

    @Enumerated(EnumType.STRING)
    private Kind kind;

    @Column(name = "amount_minor")
    private long amountMinor;

    private String currency;

    @Enumerated(EnumType.STRING)
    private State state;

    @Column(name = "due_at")
    private @Nullable Instant dueAt;

    private int claims;

    @Column(name = "may_be_known")
    private boolean mayBeKnown;

    @Column(name = "gateway_id")
    private @Nullable String gatewayId;

    private @Nullable String command;
    private @Nullable String problem;

    @Column(name = "created_at")
    private Instant createdAt;

    @Transient
    private boolean stored;

    @SuppressWarnings("NullAway.Init")
    protected GatewayCall() {}

    /** @param dueAt when to call; null to wait for the capture */
    GatewayCall(Kind kind, OrderId orderId, Money amount, String key, @Nullable Instant dueAt, Instant at) {
        this.id = key;
        this.kind = kind;
        this.orderId = orderId.value();
        this.amountMinor = amount.minorUnits();
        this.currency = amount.currency();
        this.state = dueAt == null ? State.WAITING : State.OPEN;
        this.dueAt = dueAt;
        this.createdAt = at;
    }

    /**
     * Has the outcome told to {@code asker}.
     *
     * @return false if it will not be, because he looks himself, or another command is to be told already
     */
    boolean tell(Asker asker) {
        return switch (asker) {
            case Asker.Visitor() -> false;
            case Asker.Command(String key) -> {
                if (command == null) {
                    command = key;
                }
                yield command.equals(key);
            }
        };
    }

    /** Makes the call due, if the gateway cannot have heard of it; so one that is under way is left alone. */
    void hurry() {
        if (state == State.OPEN && !mayBeKnown) {
            dueAt = createdAt;
        }
    }

    /** A waiting refund is wanted now. */
    void open(Instant due) {
        state = State.OPEN;
        dueAt = due;
    }

    void close(State end) {
        state = end;
        dueAt = null;
    }

    void book(String gatewaysId) {
        close(State.DONE);
        gatewayId = gatewaysId;
    }

    /** The outcome is unknown, or there is none: to be asked again with the same key. */
    void retryAt(Instant due) {
        dueAt = due;
    }

    /** The claim {@code number} ended without a word to the gateway, which had not heard of the call before either. */
    void forgetClaim(int number) {
        if (claims == number) {
            mayBeKnown = false;
        }
    }

    /** Notes what a person should look at. */
    void note(@Nullable String text) {
        problem = text;
    }

    OrderId orderId() {
        return new OrderId(orderId);
    }

    Kind kind() {
        return kind;
    }

    Money amount() {
        return new Money(amountMinor, currency);
    }

    State state() {
        return state;
    }

    int claims() {
        return claims;
    }

    @Nullable String command() {
        return command;
    }

    @Nullable String problem() {
        return problem;
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public boolean isNew() {
        return !stored;
    }

    @PostLoad
    @PostPersist
    void markStored() {
        stored = true;
    }
}
