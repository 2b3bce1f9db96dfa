package io.baton.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baton.orchestrator.saga.Phase;
import io.baton.orchestrator.saga.Progress;
import io.baton.orchestrator.saga.Saga;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrailCodecTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00.123Z");

    @Test
    void what_is_written_is_read_again_and_is_short() {
        byte[] trail = TrailCodec.encode(saga());
        assertThat(TrailCodec.decode(trail, START))
                .isEqualTo(new TrailCodec.Trail(
                        saga().progress(), saga().forgiven(), saga().extension(), saga().captured()));
        assertThat(trail).hasSizeLessThan(120);
    }

    @Test
    void a_trail_that_was_cut_short_is_refused_or_shorter_but_never_wrong() {
        byte[] trail = TrailCodec.encode(saga());
        for (int length = 0; length < trail.length; length++) {
            byte[] cut = Arrays.copyOf(trail, length);
            try {
                TrailCodec.Trail read = TrailCodec.decode(cut, START);
                assertThat(saga().progress().entrySet()).containsAll(read.progress().entrySet());
                assertThat(saga().forgiven().entrySet()).containsAll(read.forgiven().entrySet());
                assertThat(saga().captured().entrySet()).containsAll(read.captured().entrySet());
            } catch (IllegalArgumentException expected) {
                assertThat(expected).hasMessageStartingWith("Expected");
            }
        }
    }

    @Test
    void a_trail_of_another_format_is_refused() {
        assertThatThrownBy(() -> TrailCodec.decode(new byte[] {9}, START)).hasMessageContaining("format");
        assertThatThrownBy(() -> TrailCodec.decode(new byte[0], START)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Map<String, Progress> all() {
        Map<String, Progress> progress = new LinkedHashMap<>();
        progress.put("a", new Progress.Done());
        progress.put("b", new Progress.Refused());
        progress.put("c", new Progress.Sent(1, START));
        progress.put("d", new Progress.Failed(300, START.plusSeconds(86_400)));
        progress.put("e", new Progress.Unknown(6));
        progress.put("f", new Progress.Compensating(2, START.minusMillis(7)));
        progress.put("g", new Progress.CompensationFailed(3, START.plusMillis(1)));
        progress.put("h", new Progress.Compensated());
        progress.put("i", new Progress.Skipped());
        return progress;
    }

    private static Saga saga() {
        return new Saga(
                Phase.FORWARD, START, all(), Map.of("d", 296), Duration.ofMinutes(90),
                Map.of("a", "{\"paymentId\":\"p-1\"}"), null, null);
    }
}
