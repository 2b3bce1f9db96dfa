package io.baton.payment.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryDelayTest {

    @Test
    void it_doubles_up_to_its_bound_however_many_tries_there_were() {
        RetryDelay longest = new RetryDelay(Duration.ofSeconds(10), () -> 1.0);

        assertThat(longest.after(1)).isEqualTo(Duration.ofMillis(200));
        assertThat(longest.after(2)).isEqualTo(Duration.ofMillis(400));
        assertThat(longest.after(6)).isEqualTo(Duration.ofMillis(6_400));
        assertThat(longest.after(7)).isEqualTo(Duration.ofSeconds(10));
        assertThat(longest.after(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void chance_takes_off_at_most_half() {
        assertThat(new RetryDelay(Duration.ofSeconds(10), () -> 0.0).after(3)).isEqualTo(Duration.ofMillis(400));
    }
}
