package io.baton.http.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorPropertiesTest {

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "            ", "short", "eleven-char", "passwordpassword", "changeme1234",
        "password!!!!!!", "PASSWORD12345", "aaaaaaaaaaaaaaaa", "1234567891011password"})
    void a_password_that_is_missing_short_or_a_sample_stops_the_start_and_is_not_repeated(String password) {
        assertThatThrownBy(new OperatorProperties("operator", password)::requiredPassword)
                .isInstanceOfSatisfying(UnfitOperatorException.class, unfit -> {
                    assertThat(unfit.action()).contains("baton.operator.password", "BATON_OPERATOR_PASSWORD");
                    if (password != null && !password.isBlank() && password.length() > 6) {
                        assertThat(unfit.getMessage() + unfit.action()).doesNotContain(password);
                    }
                });
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "a:b"})
    void a_user_that_is_missing_or_cannot_be_sent_stops_the_start(String user) {
        assertThatThrownBy(new OperatorProperties(user, "a-long-enough-one")::requiredUser)
                .isInstanceOfSatisfying(UnfitOperatorException.class, unfit ->
                        assertThat(unfit.action()).contains("BATON_OPERATOR_USER"));
    }

    @Test
    void good_credentials_are_taken_and_not_printed() {
        OperatorProperties good = new OperatorProperties("operator", "a-long-enough-one");

        assertThat(good.requiredUser()).isEqualTo("operator");
        assertThat(good.requiredPassword()).isEqualTo("a-long-enough-one");
        assertThat(good.toString()).doesNotContain("enough");
    }
}
