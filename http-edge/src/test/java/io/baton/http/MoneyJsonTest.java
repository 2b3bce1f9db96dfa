package io.baton.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.baton.contract.Money;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyJsonTest {

    @ParameterizedTest
    @CsvSource({"9998,EUR,99.98", "1,EUR,0.01", "0,EUR,0.00", "-5,EUR,-0.05", "100,JPY,100", "1234,KWD,1.234"})
    void an_amount_is_written_with_its_currencys_decimals(long minorUnits, String currency, String text) {
        assertThat(MoneyJson.of(new Money(minorUnits, currency))).isEqualTo(new MoneyJson(text, currency));
    }

    @ParameterizedTest
    @CsvSource({"99.98,EUR,9998", "99.9,EUR,9990", "99,EUR,9900", "0.01,EUR,1", "100,JPY,100", "1.234,KWD,1234",
        "10000000000000.00,EUR,1000000000000000"})
    void an_amount_is_read_exactly(String text, String currency, long minorUnits) {
        Violations violations = new Violations();

        assertThat(MoneyJson.read("/price", new MoneyJson(text, currency), 1, violations))
                .isEqualTo(new Money(minorUnits, currency));
        assertThat(violations.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "null", value = {
        "null,EUR,/price/amount REQUIRED", "'',EUR,/price/amount WRONG_FORMAT", "1e3,EUR,/price/amount WRONG_FORMAT",
        "+1,EUR,/price/amount WRONG_FORMAT", "-1,EUR,/price/amount WRONG_FORMAT", "01,EUR,/price/amount WRONG_FORMAT",
        ".5,EUR,/price/amount WRONG_FORMAT", "1.,EUR,/price/amount WRONG_FORMAT",
        "'1,5',EUR,/price/amount WRONG_FORMAT",
        "٣,EUR,/price/amount WRONG_FORMAT", "NaN,EUR,/price/amount WRONG_FORMAT", "0x1,EUR,/price/amount WRONG_FORMAT",
        "' 1',EUR,/price/amount WRONG_FORMAT", "99999999999999999999999999,EUR,/price/amount WRONG_FORMAT",
        "0.001,EUR,/price/amount TOO_MANY_DECIMALS", "1.5,JPY,/price/amount TOO_MANY_DECIMALS",
        "0,EUR,/price/amount OUT_OF_RANGE", "10000000000000.01,EUR,/price/amount OUT_OF_RANGE",
        "1,null,/price/currency REQUIRED", "1,eur,/price/currency UNKNOWN_CURRENCY",
        "1,EUX,/price/currency UNKNOWN_CURRENCY",
        "1,XXX,/price/currency UNKNOWN_CURRENCY", "1,'',/price/currency UNKNOWN_CURRENCY"})
    void what_is_no_such_amount_is_refused(String text, String currency, String violation) {
        Violations violations = new Violations();

        assertThat(MoneyJson.read("/price", new MoneyJson(text, currency), 1, violations)).isNull();
        ProblemException problem = catchThrowableOfType(ProblemException.class, violations::throwIfAny);
        assertThat(problem.violations().getFirst().pointer() + " " + problem.violations().getFirst().code())
                .isEqualTo(violation);
    }
}
