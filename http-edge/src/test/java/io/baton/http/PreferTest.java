package io.baton.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "wait=5 | 5", "WAIT = 5 | 5", "wait=\"5\" | 5", "respond-async, wait=7 | 7", "wait=3, wait=9 | 3", "wait=0 | 0",
        "wait=100 | 30", "wait=999999999 | 30", "wait=9999999999 | 0", "wait=-1 | 0",
        "wait= | 0", "wait | 0", "wait=5s | 0",
        "await=5 | 0", "wait=٥ | 0", "a;wait=5 | 0", "wait=5;b=c | 5", ",,, | 0"})
    void waiting_is_understood_and_bounded(String header, int seconds) {
        assertThat(Prefer.parse(Collections.enumeration(List.of(header))).waitAtMost()).hasSeconds(seconds);
    }

    @Test
    void the_first_of_several_headers_counts() {
        assertThat(Prefer.parse(Collections.enumeration(List.of("return=minimal", "wait=2", "wait=3"))).waitSeconds())
                .isEqualTo(2);
        assertThat(Prefer.parse(Collections.emptyEnumeration()).waitAtMost()).isZero();
    }
}
