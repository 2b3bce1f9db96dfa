package io.baton.orchestrator.operator.stats;

import io.baton.orchestrator.execution.SagaCounts.Balance;
import io.baton.orchestrator.execution.SagaCounts.Snapshot;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/**
 * How many sagas were started and ended in each of the last thirty minutes: the differences between exact counts, which
 * tell of all instances. A minute before this instance first counted is missing; a count a few seconds off the full minute
 * makes one minute a little larger and the next one smaller.
 */
@Component
class Throughput {

    private static final int MINUTES = 30;

    /** The first count of each minute. */
    private final NavigableMap<Instant, Balance> counts = new TreeMap<>();
    private Balance latest = new Balance(0, 0, 0, 0, 0);

    /** What happened in the minute that began then. */
    record Minute(Instant at, long started, long completed, long compensated) {}

    synchronized void note(Snapshot snapshot) {
        latest = total(snapshot);
        counts.putIfAbsent(snapshot.asOf().truncatedTo(ChronoUnit.MINUTES), latest);
        while (counts.size() > MINUTES) {
            counts.pollFirstEntry();
        }
    }

    /** Oldest first; the last one is not over. */
    synchronized List<Minute> minutes() {
        List<Minute> minutes = new ArrayList<>();
        for (Map.Entry<Instant, Balance> minute : counts.entrySet()) {
            Map.Entry<Instant, Balance> next = counts.higherEntry(minute.getKey());
            Balance before = minute.getValue();
            Balance after = next == null ? latest : next.getValue();
            minutes.add(new Minute(
                    minute.getKey(),
                    after.started() - before.started(),
                    after.completed() - before.completed(),
                    after.compensated() - before.compensated()));
        }
        return minutes;
    }

    private static Balance total(Snapshot snapshot) {
        return snapshot.balances().values().stream()
                .reduce(new Balance(0, 0, 0, 0, 0), Balance::plus);
    }
}
