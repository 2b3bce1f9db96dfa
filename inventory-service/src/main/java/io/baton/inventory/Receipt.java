package io.baton.inventory;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Goods that came in. Never changed. */
@Entity
class Receipt {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    private String sku;
    private long quantity;

    @Column(name = "at")
    private Instant receivedAt;

    @SuppressWarnings("NullAway.Init")
    protected Receipt() {}

    Receipt(String sku, long quantity, Instant receivedAt) {
        this.sku = sku;
        this.quantity = quantity;
        this.receivedAt = receivedAt;
    }
}
