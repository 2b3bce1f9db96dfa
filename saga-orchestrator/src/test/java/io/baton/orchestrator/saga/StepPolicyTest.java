package io.baton.orchestrator.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StepPolicyTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void pauses_grow_to_their_cap_and_jitter_takes_a_share_of_them() {
        StepPolicy policy = StepPolicy.DEFAULT;
        assertThat(policy.pauseAfter(1, 1)).isEqualTo(SECOND);
        assertThat(policy.pauseAfter(4, 1)).isEqualTo(Duration.ofSeconds(8));
        assertThat(policy.pauseAfter(4, 0.25)).isEqualTo(Duration.ofSeconds(2));
        assertThat(policy.pauseAfter(999, 1)).isEqualTo(Duration.ofSeconds(30));
        assertThat(policy.pauseAfter(3, 0)).isZero();
    }

    @Test
    void pauses_never_overflow() {
        StepPolicy longest = new StepPolicy(SECOND, 1_000, StepPolicy.LONGEST, StepPolicy.LONGEST);
        assertThat(longest.pauseAfter(1_000, 1)).isEqualTo(StepPolicy.LONGEST);
        assertThat(longest.pauseAfter(1_000, Double.NaN)).isEqualTo(StepPolicy.LONGEST);
        assertThat(longest.pauseAfter(1_000, 7)).isEqualTo(StepPolicy.LONGEST);
        assertThat(longest.pauseAfter(-5, -1)).isZero();
    }

    @Test
    void bounds_are_from_a_millisecond_to_thirty_days_and_named_where_they_are_not() {
        assertThat(new StepPolicy(Duration.ofMillis(1), 1, Duration.ofMillis(1), Duration.ofMillis(1))).isNotNull();
        assertThat(new StepPolicy(StepPolicy.LONGEST, 1_000, StepPolicy.LONGEST, StepPolicy.LONGEST)).isNotNull();
        refused("timeout", Duration.ZERO, 1, SECOND, SECOND);
        refused("timeout", StepPolicy.LONGEST.plusMillis(1), 1, SECOND, SECOND);
        refused("backoff-base", SECOND, 1, Duration.ZERO, SECOND);
        refused("backoff-cap from", SECOND, 1, SECOND, StepPolicy.LONGEST.plusMillis(1));
        refused("there is none", null, 1, SECOND, SECOND);
    }

    @Test
    void attempts_are_from_1_to_1000() {
        refused("attempts from 1 to 1000 but got 0", SECOND, 0, SECOND, SECOND);
        refused("attempts from 1 to 1000 but got 1001", SECOND, 1_001, SECOND, SECOND);
    }

    @Test
    void the_cap_of_the_pauses_is_not_below_their_base() {
        assertThat(new StepPolicy(SECOND, 1, SECOND, SECOND)).isNotNull();
        refused("at least the backoff-base", SECOND, 1, Duration.ofSeconds(2), SECOND);
    }

    private static void refused(String words, Duration timeout, int attempts, Duration base, Duration cap) {
        assertThatThrownBy(() -> new StepPolicy(timeout, attempts, base, cap))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }
}
