package io.baton.contract;

/**
 * An amount in the smallest unit of its currency.
 *
 * @param minorUnits cents for EUR; may be negative in a ledger
 * @param currency the three letters of ISO 4217, upper case
 */
public record Money(long minorUnits, String currency) {

    public Money {
        if (!currency.matches("[A-Z]{3}")) {
            throw new IllegalArgumentException("Expected a currency of three upper-case letters but got " + currency);
        }
    }

    /**
     * The sum.
     *
     * @throws IllegalArgumentException if the currencies differ
     * @throws ArithmeticException if the sum does not fit into 64 bits
     */
    public Money plus(Money other) {
        requireSameCurrency(other);
        return new Money(Math.addExact(minorUnits, other.minorUnits), currency);
    }

    /**
     * This amount {@code quantity} times.
     *
     * @throws ArithmeticException if the product does not fit into 64 bits
     */
    public Money times(int quantity) {
        return new Money(Math.multiplyExact(minorUnits, quantity), currency);
    }

    private void requireSameCurrency(Money other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException("Expected " + currency + " but got " + other.currency);
        }
    }
}
