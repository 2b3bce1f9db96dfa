package io.baton.orchestrator.execution;

import io.baton.contract.Money;
import java.math.BigDecimal;
import java.util.Currency;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What operators may do.
 *
 * @param fourEyesAbove the greatest amount about which one person decides alone, as {@code 500.00 EUR}; without it one
 *     decides about any
 */
@ConfigurationProperties("baton.operators")
record OperatorSettings(@Nullable String fourEyesAbove) {

    /**
     * The amount.
     *
     * @throws IllegalArgumentException if it cannot be read, naming the property
     */
    @Nullable Money fourEyes() {
        if (fourEyesAbove == null || fourEyesAbove.isBlank()) {
            return null;
        }
        try {
            String[] parts = fourEyesAbove.strip().split(" +", 2);
            Currency currency = Currency.getInstance(parts[1]);
            long minorUnits = new BigDecimal(parts[0])
                    .movePointRight(currency.getDefaultFractionDigits())
                    .longValueExact();
            return new Money(minorUnits, currency.getCurrencyCode());
        } catch (IllegalArgumentException | ArithmeticException | ArrayIndexOutOfBoundsException e) {
            throw new IllegalArgumentException(
                    "Correct baton.operators.four-eyes-above: expected an amount and a currency, as 500.00 EUR, but got '"
                            + fourEyesAbove + "'",
                    e);
        }
    }
}
