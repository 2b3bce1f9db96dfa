package io.baton.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TsidTest {

    @Test
    void what_is_written_is_read_again() {
        LongStream.concat(LongStream.of(0, 1, 31, 32, Long.MAX_VALUE - 1, Long.MAX_VALUE), randomNumbers(10_000))
                .forEach(value -> assertThat(Tsid.parse(Tsid.format(value))).isEqualTo(value));
    }

    @Test
    void the_written_forms_have_13_characters_and_sort_like_the_numbers() {
        List<Long> numbers =
                randomNumbers(10_000).sorted().boxed().toList();
        List<String> texts = numbers.stream().map(Tsid::format).toList();
        assertThat(texts).isSorted().allMatch(text -> text.length() == 13);
    }

    @Test
    void the_smallest_and_the_largest_number_have_known_forms() {
        assertThat(Tsid.format(0)).isEqualTo("0000000000000");
        assertThat(Tsid.format(Long.MAX_VALUE)).isEqualTo("7ZZZZZZZZZZZZ");
    }

    @Test
    void a_negative_number_is_not_written() {
        assertThatIllegalArgumentException().isThrownBy(() -> Tsid.format(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> new OrderId(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> new SagaId(-1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "000000000000",
                "00000000000000",
                "8000000000000",
                "Z000000000000",
                "000000000000I",
                "000000000000L",
                "000000000000O",
                "000000000000U",
                "000000000000a",
                "000000000000-",
                "000000000000 ",
                " 000000000000",
                "000000000000\u0660",
                "000000000000\uFF10"
            })
    void any_other_text_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Tsid.parse(text));
        assertThatIllegalArgumentException().isThrownBy(() -> OrderId.parse(text));
        assertThatIllegalArgumentException().isThrownBy(() -> SagaId.parse(text));
    }

    @Test
    void the_milliseconds_can_be_read_back_and_a_floor_is_below_all_of_its_millisecond() {
        long millis = 1_772_000_000_123L;
        long floor = Tsid.floor(millis);
        assertThat(Tsid.millis(floor)).isEqualTo(millis);
        assertThat(Tsid.millis(floor | (1L << Tsid.TIME_SHIFT) - 1)).isEqualTo(millis);
        assertThat(Tsid.floor(millis + 1)).isGreaterThan(floor | (1L << Tsid.TIME_SHIFT) - 1);
        assertThat(Tsid.floor(Tsid.EPOCH_MILLIS - 1)).isZero();
    }

    @Test
    void a_text_and_its_id_are_the_same_thing() {
        assertThat(Stream.of("0D4J2K0000001", "7ZZZZZZZZZZZZ"))
                .allSatisfy(text -> assertThat(OrderId.parse(text)).hasToString(text))
                .allSatisfy(text -> assertThat(SagaId.parse(text)).hasToString(text));
    }

    private static LongStream randomNumbers(int count) {
        return new Random(42).longs(count, 0, Long.MAX_VALUE);
    }
}
