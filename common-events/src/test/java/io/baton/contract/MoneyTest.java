package io.baton.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTest {

    @Test
    void amounts_of_one_currency_add_up() {
        assertThat(new Money(4_999, "EUR").times(2).plus(new Money(2, "EUR"))).isEqualTo(new Money(10_000, "EUR"));
    }

    @Test
    void two_currencies_do_not_add_up() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Money(1, "EUR").plus(new Money(1, "USD")))
                .withMessage("Expected EUR but got USD");
    }

    @Test
    void a_sum_that_does_not_fit_is_never_wrong_but_refused() {
        Money most = new Money(Long.MAX_VALUE, "EUR");
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> most.plus(new Money(1, "EUR")));
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> most.times(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "EU", "EURO", "eur", "E1R", "EUR\n"})
    void a_currency_is_three_upper_case_letters(String currency) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Money(1, currency));
    }
}
