package io.baton.messaging.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class SettableClockTest {

    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void time_stands_still_until_it_is_moved() {
        SettableClock clock = SettableClock.at(START);
        assertThat(clock.instant()).isEqualTo(START);
        clock.advance(Duration.ofSeconds(90));
        assertThat(clock.instant()).isEqualTo("2026-03-01T10:01:30Z");
        clock.set(START.minusSeconds(1));
        assertThat(clock.instant()).isEqualTo("2026-03-01T09:59:59Z");
    }

    @Test
    void a_copy_for_another_zone_moves_along() {
        SettableClock clock = SettableClock.at(START);
        Clock copy = clock.withZone(ZoneId.of("Asia/Tokyo"));
        clock.advance(Duration.ofHours(1));
        assertThat(copy.instant()).isEqualTo(clock.instant());
        assertThat(copy.getZone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
    }
}
