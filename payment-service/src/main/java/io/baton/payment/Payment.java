package io.baton.payment;

import io.baton.contract.Money;
import io.baton.contract.OrderId;
import io.baton.payment.PaymentSource.FromCard;
import io.baton.payment.PaymentSource.FromWallet;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.Transient;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

/**
 * What an order was charged, and what became of that. There is one per order; its id is the order's id. Whoever changes
 * one has locked it.
 */
@Entity
public class Payment implements Persistable<Long> {

    /** How far a payment has come. */
    public enum Status {
        /** The gateway has to say whether the card is charged. */
        PENDING,
        CHARGED,
        /** Nothing was taken and nothing will be. */
        REFUSED,
        /** A refund is wanted; whether the card was charged, or the refund booked, is not known yet. */
        REFUNDING,
        /** What was taken was given back; or nothing ever was, because the refund came first. */
        REFUNDED
    }

    /** How it is paid. */
    public enum Method {
        WALLET,
        CARD
    }

    @Id
    @Column(name = "order_id")
    private Long id;

    @Column(name = "customer_id")
    private @Nullable String customerId;

    @Enumerated(EnumType.STRING)
    private @Nullable Method method;

    @Enumerated(EnumType.STRING)
    private Status status;

    @Column(name = "amount_minor")
    private @Nullable Long amountMinor;

    private @Nullable String currency;

    @Column(name = "card_token")
    private @Nullable String cardToken;

    @Column(name = "idempotency_key")
    private String idempotencyKey;

    @Column(name = "refusal_code")
    private @Nullable String refusalCode;

    @Column(name = "refusal_message")
    private @Nullable String refusalMessage;

    @Column(name = "created_at")
    private Instant createdAt;

    @Column(name = "updated_at")
    private Instant updatedAt;

    @Transient
    private boolean stored;

    @SuppressWarnings("NullAway.Init")
    protected Payment() {}

    private Payment(OrderId orderId, Status status, String idempotencyKey, Instant at) {
        this.id = orderId.value();
        this.status = status;
        this.idempotencyKey = idempotencyKey;
        this.createdAt = at;
        this.updatedAt = at;
    }

    /** A payment that is not decided. */
    static Payment pending(ChargeRequest request, String idempotencyKey, Instant at) {
        Payment payment = new Payment(request.orderId(), Status.PENDING, idempotencyKey, at);
        payment.customerId = request.customerId();
        payment.amountMinor = request.amount().minorUnits();
        payment.currency = request.amount().currency();
        switch (request.source()) {
            case FromWallet() -> payment.method = Method.WALLET;
            case FromCard(String token) -> {
                payment.method = Method.CARD;
                payment.cardToken = token;
            }
        }
        return payment;
    }

    /** Sees to it that the order is never charged. */
    static Payment refundedBeforeCharged(OrderId orderId, String idempotencyKey, Instant at) {
        return new Payment(orderId, Status.REFUNDED, idempotencyKey, at);
    }

    void becomeCharged(Instant at) {
        become(Status.CHARGED, at, Status.PENDING);
    }

    void becomeRefused(String code, String message, Instant at) {
        become(Status.REFUSED, at, Status.PENDING, Status.REFUNDING);
        refusalCode = code;
        refusalMessage = message;
    }

    void becomeRefunding(Instant at) {
        become(Status.REFUNDING, at, Status.PENDING, Status.CHARGED);
    }

    void becomeRefunded(Instant at) {
        become(Status.REFUNDED, at, Status.CHARGED, Status.REFUNDING);
    }

    private void become(Status next, Instant at, Status... from) {
        for (Status allowed : from) {
            if (status == allowed) {
                status = next;
                updatedAt = at;
                return;
            }
        }
        throw new IllegalStateException("Expected no way from " + status + " to " + next + " for order " + orderId());
    }

    /** Whether {@code request} asks for exactly this payment. */
    boolean isFor(ChargeRequest request) {
        boolean sameSource = switch (request.source()) {
            case FromWallet() -> method == Method.WALLET;
            case FromCard(String token) -> method == Method.CARD && token.equals(cardToken);
        };
        return sameSource && request.customerId().equals(customerId) && request.amount().equals(amount());
    }

    public OrderId orderId() {
        return new OrderId(id);
    }

    /** Null exactly if a refund came before the charge; so are method and amount. */
    public @Nullable String customerId() {
        return customerId;
    }

    public @Nullable Method method() {
        return method;
    }

    public @Nullable Money amount() {
        return amountMinor == null ? null : new Money(amountMinor, Objects.requireNonNull(currency));
    }

    public Status status() {
        return status;
    }

    /** Present exactly if it was refused. */
    public @Nullable String refusalCode() {
        return refusalCode;
    }

    public @Nullable String refusalMessage() {
        return refusalMessage;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Instant updatedAt() {
        return updatedAt;
    }

    @Override
    public Long getId() {
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
