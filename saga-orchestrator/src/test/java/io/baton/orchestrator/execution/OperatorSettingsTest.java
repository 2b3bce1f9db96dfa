package io.baton.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baton.contract.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorSettingsTest {

    @Test
    void an_amount_is_read_with_its_currency() {
        assertThat(new OperatorSettings("500.00 EUR").fourEyes()).isEqualTo(new Money(50_000, "EUR"));
        assertThat(new OperatorSettings("500 EUR").fourEyes()).isEqualTo(new Money(50_000, "EUR"));
        assertThat(new OperatorSettings("70000 JPY").fourEyes()).isEqualTo(new Money(70_000, "JPY"));
    }

    @Test
    void without_an_amount_there_is_no_bound() {
        assertThat(new OperatorSettings(null).fourEyes()).isNull();
        assertThat(new OperatorSettings(" ").fourEyes()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"500", "EUR 500", "500.001 EUR", "500 EURO", "much EUR", "500,00 EUR"})
    void an_amount_that_cannot_be_read_is_named_with_its_property(String amount) {
        assertThatThrownBy(() -> new OperatorSettings(amount).fourEyes())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("baton.operators.four-eyes-above")
                .hasMessageContaining(amount);
    }
}
