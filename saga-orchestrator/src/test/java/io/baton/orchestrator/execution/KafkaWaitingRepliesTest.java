package io.baton.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.baton.orchestrator.execution.KafkaWaitingReplies.Ends;
import io.baton.orchestrator.execution.KafkaWaitingReplies.Position;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Timers fire once the replies that lay there have been read, whatever becomes of the broker meanwhile. */
class KafkaWaitingRepliesTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private @Nullable String topicId = "first";
    private Map<Integer, Long> ends = Map.of(0, 5_000L, 1, 300L);
    private final Map<Integer, Position> read = new HashMap<>();
    private final KafkaWaitingReplies replies = new KafkaWaitingReplies(
            at -> topicId == null ? null : new Ends(at, topicId, ends), () -> read);

    @Test
    void they_wait_for_what_lay_there_when_it_was_asked_and_for_nothing_later() {
        read(4_990, 300);
        assertThat(replies.readUpTo(START)).isEmpty();

        ends = Map.of(0, 9_000L, 1, 300L);
        read(5_000, 300);
        assertThat(replies.readUpTo(START.plusSeconds(1))).contains(START);
    }

    @Test
    void they_go_on_waiting_as_long_as_it_is_there() {
        read(4_990, 300);
        for (int i = 0; i < 100; i++) {
            assertThat(replies.readUpTo(START.plusSeconds(i))).isEmpty();
        }
        read(5_000, 300);
        assertThat(replies.readUpTo(START.plusSeconds(100))).contains(START);
    }

    @Test
    void a_broker_that_does_not_say_where_the_topic_ends_is_waited_for() {
        topicId = null;
        assertThat(replies.readUpTo(START)).isEmpty();
    }

    @Test
    void a_topic_that_was_made_anew_has_nothing_any_more_of_what_they_waited_for() {
        read(4_990, 300);
        assertThat(replies.readUpTo(START)).isEmpty();

        topicId = "second";
        ends = Map.of();
        read(0, 0);
        assertThat(firstAfter(START)).contains(START.plusSeconds(5));
    }

    @Test
    void what_a_broker_lost_at_the_end_of_the_topic_is_not_waited_for() {
        read(4_990, 300);
        assertThat(replies.readUpTo(START)).isEmpty();

        ends = Map.of(0, 4_990L, 1, 300L);
        assertThat(firstAfter(START)).contains(START.plusSeconds(5));
    }

    /** What is answered first when it is asked each second for a minute. */
    private Optional<Instant> firstAfter(Instant start) {
        return IntStream.rangeClosed(1, 60)
                .mapToObj(i -> replies.readUpTo(start.plusSeconds(i)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private void read(long first, long second) {
        read.put(0, new Position(String.valueOf(topicId), first));
        read.put(1, new Position(String.valueOf(topicId), second));
    }
}
