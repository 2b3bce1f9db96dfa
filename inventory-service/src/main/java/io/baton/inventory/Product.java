package io.baton.inventory;

import io.baton.contract.Money;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.util.regex.Pattern;

/**
 * Something that is sold, and the stock of it. The three amounts add up to everything that was ever received, and none
 * is ever negative.
 *
 * <p>Rows are made by {@link Products#add} alone. Whoever changes one has locked it.
 */
@Entity
public class Product {

    /** What a SKU looks like. */
    public static final String SKU_FORMAT = "[A-Za-z0-9._-]{1,64}";

    private static final Pattern SKU = Pattern.compile(SKU_FORMAT);

    @Id
    private String sku;

    private String name;

    @Column(name = "price_minor")
    private long priceMinor;

    private String currency;
    private long version;
    private long available;
    private long reserved;
    private long shipped;

    @SuppressWarnings("NullAway.Init")
    protected Product() {}

    /** A product that was never received. */
    Product(String sku, String name, Money price) {
        this.sku = sku;
        this.name = name;
        this.priceMinor = price.minorUnits();
        this.currency = price.currency();
        this.version = 1;
    }

    /** Whether {@code text} can be a SKU. */
    public static boolean isSku(String text) {
        return SKU.matcher(text).matches();
    }

    /**
     * Gives it a name and a price, and counts that as a change.
     *
     * @return false if it had both already; nothing is changed then
     */
    boolean describe(String newName, Money newPrice) {
        if (name.equals(newName) && price().equals(newPrice)) {
            return false;
        }
        name = newName;
        priceMinor = newPrice.minorUnits();
        currency = newPrice.currency();
        version++;
        return true;
    }

    /** Goods came in. */
    void receive(long quantity) {
        available = Math.addExact(available, requirePositive(quantity));
    }

    /** From available to reserved. */
    void reserve(long quantity) {
        available = take(available, quantity, "available");
        reserved += quantity;
    }

    /** From reserved back to available. */
    void release(long quantity) {
        reserved = take(reserved, quantity, "reserved");
        available += quantity;
    }

    /** From reserved to shipped. */
    void ship(long quantity) {
        reserved = take(reserved, quantity, "reserved");
        shipped += quantity;
    }

    /** From shipped back to available. */
    void takeBack(long quantity) {
        shipped = take(shipped, quantity, "shipped");
        available += quantity;
    }

    private long take(long from, long quantity, String what) {
        if (from < requirePositive(quantity)) {
            throw new IllegalStateException(
                    "Expected at least " + quantity + " " + what + " of " + sku + " but there are " + from);
        }
        return from - quantity;
    }

    private static long requirePositive(long quantity) {
        if (quantity < 1) {
            throw new IllegalArgumentException("Expected a quantity of at least 1 but got " + quantity);
        }
        return quantity;
    }

    public String sku() {
        return sku;
    }

    public String name() {
        return name;
    }

    public Money price() {
        return new Money(priceMinor, currency);
    }

    /** Counts the changes of name and price from 1. Stock does not count. */
    public long version() {
        return version;
    }

    public long available() {
        return available;
    }

    public long reserved() {
        return reserved;
    }

    public long shipped() {
        return shipped;
    }
}
