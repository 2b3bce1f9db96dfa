package io.baton.orchestrator.operator.stats;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How sagas fare, as an operator sees it.
 *
 * @param window which sagas the rates, durations and causes are about
 * @param states sagas that have not ended
 * @param heat where they are, and for how long they have been under way
 * @param throughput of the last thirty minutes, as far as this instance has run
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SagaStats(
        Instant asOf,
        Window window,
        List<DefinitionStats> definitions,
        List<StateCount> states,
        List<ReasonCount> stuck,
        List<Heat> heat,
        List<Throughput.Minute> throughput,
        SystemStats system) {

    /** The sagas of the last hour, or the youngest 5,000. */
    record Window(long sagas, Instant since) {}

    /**
     * A definition's sagas. {@code started = completed + compensated + open + stuck} of all there ever were.
     *
     * @param open that go on by themselves
     * @param completionRate of those in the window that ended, how many completed, from 0 to 1; null if none ended
     * @param durations in the window; null if none completed
     * @param compensationsByStep in the window
     * @param unknownMillis in the window: for how long, taken together, answers were late
     * @param oldestOpen when the oldest that has not ended was started; null if there is none
     * @param oldestMoving the same of those that go on by themselves
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DefinitionStats(
            String definition,
            long started,
            long completed,
            long compensated,
            long open,
            long stuck,
            long paused,
            @Nullable Double completionRate,
            RecentSagas.@Nullable Durations durations,
            List<RecentSagas.Cause> compensationsByStep,
            long unknownMillis,
            @Nullable Instant oldestOpen,
            @Nullable Instant oldestMoving) {}

    record StateCount(String definition, String state, long count) {}

    record ReasonCount(String reason, long count, long snoozed) {}

    /** Open sagas at a step, by the time since their start. */
    record Heat(String definition, String step, List<Ages> ages) {}

    record Ages(String bucket, long count) {}

    /**
     * What surrounds the sagas.
     *
     * @param outboxOldestAge null if nothing waits
     * @param instances of the orchestrator; null if the broker does not answer
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SystemStats(
            long timersOverdue,
            long outboxPending,
            @Nullable Duration outboxOldestAge,
            List<BrokerStats.Lag> consumerLag,
            Map<String, Long> deadLetters,
            @Nullable Integer instances,
            long holds) {}
}
