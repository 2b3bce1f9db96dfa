package io.baton.payment;

import io.baton.contract.OrderId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One change of a wallet. Never changed itself. */
@Entity
class WalletEntry {

    /** Which way the money went. */
    enum Kind {
        /** In, from outside. */
        CREDIT,
        /** Out, for an order. */
        CHARGE,
        /** Back in, for the same order. */
        REFUND
    }

    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "wallet_entry_id")
    @SequenceGenerator(name = "wallet_entry_id", sequenceName = "wallet_entry_id", allocationSize = 100)
    private @Nullable Long id;

    @Column(name = "customer_id")
    private String customerId;

    @Enumerated(EnumType.STRING)
    private Kind kind;

    @Column(name = "amount_minor")
    private long amountMinor;

    @Column(name = "order_id")
    private @Nullable Long orderId;

    private Instant at;

    @SuppressWarnings("NullAway.Init")
    protected WalletEntry() {}

    /** @param amountMinor more than zero, whatever the kind */
    WalletEntry(String customerId, Kind kind, long amountMinor, @Nullable OrderId orderId, Instant at) {
        this.customerId = customerId;
        this.kind = kind;
        this.amountMinor = amountMinor;
        this.orderId = orderId == null ? null : orderId.value();
        this.at = at;
    }
}
