package io.baton.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BucketsTest {

    private final Watch watch = new Watch();

    @Test
    void a_burst_is_let_through_and_then_the_rate() {
        Buckets buckets = new Buckets(5, 10, Duration.ofSeconds(1), watch);
        for (int i = 0; i < 5; i++) {
            assertThat(buckets.take("a")).isZero();
        }

        assertThat(buckets.take("a")).isEqualTo(Duration.ofMillis(100));
        assertThat(buckets.take("b")).isZero();
        watch.pass(Duration.ofMillis(100));
        assertThat(buckets.take("a")).isZero();
        assertThat(buckets.take("a")).isPositive();
    }

    @Test
    void after_twenty_wrong_credentials_a_name_is_looked_at_every_thirty_seconds_from_that_address_only() {
        WrongCredentials wrong = new WrongCredentials(watch);
        for (int i = 0; i < 20; i++) {
            wrong.refuseIfTooMany("ada", "10.0.0.1");
            wrong.count("ada", "10.0.0.1");
        }

        assertThatThrownBy(() -> wrong.refuseIfTooMany("ada", "10.0.0.1"))
                .isInstanceOfSatisfying(TooManyAttemptsException.class, tooMany ->
                        assertThat(tooMany.waitFor()).isEqualTo(Duration.ofSeconds(30)));
        assertThatCode(() -> wrong.refuseIfTooMany("ada", "10.0.0.2")).doesNotThrowAnyException();
        assertThatCode(() -> wrong.refuseIfTooMany("bob", "10.0.0.1")).doesNotThrowAnyException();
        watch.pass(Duration.ofSeconds(30));
        assertThatCode(() -> wrong.refuseIfTooMany("ada", "10.0.0.1")).doesNotThrowAnyException();
    }

    @Test
    void whoever_tries_ever_new_names_is_slowed_down_too() {
        WrongCredentials wrong = new WrongCredentials(watch);
        for (int i = 0; i < 100; i++) {
            wrong.count("name" + i, "10.0.0.1");
        }

        assertThatThrownBy(() -> wrong.refuseIfTooMany("another", "10.0.0.1"))
                .isInstanceOf(TooManyAttemptsException.class);
    }

    @Test
    void right_credentials_forgive_the_wrong_ones_before() {
        WrongCredentials wrong = new WrongCredentials(watch);
        for (int i = 0; i < 60; i++) {
            wrong.refuseIfTooMany("ada", "10.0.0.1");
            wrong.count("ada", "10.0.0.1");
            if (i % 10 == 9) {
                wrong.forget("ada", "10.0.0.1");
            }
        }

        assertThatCode(() -> wrong.refuseIfTooMany("ada", "10.0.0.1")).doesNotThrowAnyException();
    }

    private static final class Watch implements TimeMeter {

        private long nanos;

        void pass(Duration time) {
            nanos += time.toNanos();
        }

        @Override
        public long currentTimeNanos() {
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
