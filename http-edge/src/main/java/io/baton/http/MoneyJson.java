package io.baton.http;

import io.baton.contract.Money;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Money as clients see it: {@code {"amount":"99.98","currency":"EUR"}}. The amount is text, because a JSON number loses
 * cents in too many clients; it has at most as many decimals as its currency.
 */
public record MoneyJson(@Nullable String amount, @Nullable String currency) {

    /** The largest amount that a request may name, in minor units: no sum of what one request says overflows. */
    public static final long MAX_MINOR_UNITS = 1_000_000_000_000_000L;

    private static final Pattern AMOUNT = Pattern.compile("(?:0|[1-9][0-9]{0,15})(?:\\.[0-9]{1,4})?");

    /** The wire form, with exactly the currency's decimals. */
    public static MoneyJson of(Money money) {
        int digits = Math.max(0, digits(money.currency()));
        return new MoneyJson(BigDecimal.valueOf(money.minorUnits(), digits).toPlainString(), money.currency());
    }

    /**
     * The amount, from {@code minimum} to {@link #MAX_MINOR_UNITS} minor units; {@code null} if it is not such an
     * amount, and then {@code violations} says why.
     *
     * @param pointer where this object stands in the body, as {@code /price}
     * @param json {@code null} when the field is missing
     */
    public static @Nullable Money read(String pointer, @Nullable MoneyJson json, long minimum, Violations violations) {
        if (!violations.requirePresent(pointer, json)) {
            return null;
        }
        int digits = digits(json.currency);
        if (violations.requirePresent(pointer + "/currency", json.currency) && digits < 0) {
            violations.add(pointer + "/currency", "UNKNOWN_CURRENCY", "Expected a currency of ISO 4217, as EUR.");
        }
        if (!violations.requirePresent(pointer + "/amount", json.amount) || digits < 0) {
            return null;
        }
        if (json.amount.length() > 24 || !AMOUNT.matcher(json.amount).matches()) {
            violations.add(pointer + "/amount", "WRONG_FORMAT", "Expected a decimal number as text, as \"99.98\".");
            return null;
        }
        BigDecimal amount = new BigDecimal(json.amount);
        if (amount.scale() > digits) {
            violations.add(pointer + "/amount", "TOO_MANY_DECIMALS", json.currency + " has " + digits + " decimals.");
            return null;
        }
        BigDecimal minorUnits = amount.movePointRight(digits);
        if (minorUnits.compareTo(BigDecimal.valueOf(minimum)) < 0
                || minorUnits.compareTo(BigDecimal.valueOf(MAX_MINOR_UNITS)) > 0) {
            violations.add(pointer + "/amount", "OUT_OF_RANGE", "Expected an amount from "
                    + BigDecimal.valueOf(minimum, digits).toPlainString() + " to "
                    + BigDecimal.valueOf(MAX_MINOR_UNITS, digits).toPlainString() + ".");
            return null;
        }
        return new Money(minorUnits.longValueExact(), String.valueOf(json.currency));
    }

    /** The number of decimals of a currency, or -1 if there is no such currency. */
    private static int digits(@Nullable String currency) {
        if (currency == null || currency.length() != 3) {
            return -1;
        }
        if (currency.equals("EUR")) {
            return 2;
        }
        try {
            return Currency.getInstance(currency).getDefaultFractionDigits();
        } catch (IllegalArgumentException e) {
            return -1;
        }
    }
}
