package io.baton.payment;

import io.baton.contract.Money;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;

/**
 * What a customer holds with us; never less than nothing. Rows are made by {@link Wallets#create} alone. Whoever
 * changes one has locked it, and writes a {@link WalletEntry} for the change.
 */
@Entity
public class Wallet {

    @Id
    @Column(name = "customer_id")
    private String customerId;

    @Column(name = "balance_minor")
    private long balanceMinor;

    private String currency;

    @Version
    private long version;

    @SuppressWarnings("NullAway.Init")
    protected Wallet() {}

    /** An empty wallet. */
    Wallet(String customerId, String currency) {
        this.customerId = customerId;
        this.currency = currency;
    }

    /** Whether it holds at least this much of this currency. */
    boolean holds(Money amount) {
        return currency.equals(amount.currency()) && balanceMinor >= amount.minorUnits();
    }

    /** @throws IllegalStateException if it does not hold as much; nothing is taken */
    void take(Money amount) {
        if (!holds(amount)) {
            throw new IllegalStateException("Expected a wallet that holds what is taken from it");
        }
        balanceMinor -= amount.minorUnits();
    }

    /**
     * @throws IllegalArgumentException if the currency is another; nothing is added
     * @throws ArithmeticException if the balance would not fit into 64 bits; nothing is added
     */
    void add(Money amount) {
        balanceMinor = balance().plus(amount).minorUnits();
    }

    public String customerId() {
        return customerId;
    }

    public Money balance() {
        return new Money(balanceMinor, currency);
    }

    /** Counts the transactions that changed it. */
    public long version() {
        return version;
    }
}
