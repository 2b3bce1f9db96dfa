package io.baton.inventory;

import static io.baton.inventory.Fixture.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baton.contract.OrderId;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReservationRequestTest {

    private static final OrderId ORDER = new OrderId(7);

    @Test
    void equal_goods_are_equal_requests_however_they_are_written() {
        var one = new ReservationRequest(ORDER, List.of(line("B", 2), line("A", 1), line("B", 3)));
        var other = new ReservationRequest(ORDER, List.of(line("A", 1), line("B", 5)));

        assertThat(one).isEqualTo(other);
        assertThat(one.lines()).containsExactly(line("A", 1), line("B", 5));
    }

    @Test
    void a_request_for_nothing_is_a_mistake() {
        assertThatThrownBy(() -> new ReservationRequest(ORDER, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void quantities_that_do_not_fit_into_64_bits_are_a_mistake() {
        assertThatThrownBy(() -> new ReservationRequest(ORDER, List.of(line("A", Long.MAX_VALUE), line("A", 1))))
                .isInstanceOf(ArithmeticException.class);
    }
}
