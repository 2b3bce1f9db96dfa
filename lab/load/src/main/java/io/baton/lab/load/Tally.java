package io.baton.lab.load;

import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/** What a run has counted. Written by one thread, read by any. */
final class Tally {

    private static final long LONGEST_MICROS = 3_600_000_000L;

    final AtomicLong sent = new AtomicLong();
    final AtomicLong accepted = new AtomicLong();
    final AtomicLong completed = new AtomicLong();
    final AtomicLong compensated = new AtomicLong();
    /** Requests that were answered with a "no". */
    final AtomicLong rejected = new AtomicLong();
    /** Attempts without an answer, or with one of 5xx. */
    final AtomicLong unanswered = new AtomicLong();
    final AtomicLong repeated = new AtomicLong();
    /** Ends that are not what the order's kind is meant to have. */
    final AtomicLong unexpected = new AtomicLong();
    /** Ends that were learnt by asking because the event did not arrive. */
    final AtomicLong eventsMissing = new AtomicLong();
    final AtomicLong waiting = new AtomicLong();

    private final AtomicLong measuredAccepted = new AtomicLong();
    private final AtomicLong measuredCompleted = new AtomicLong();
    private final AtomicLong measuredCompensated = new AtomicLong();
    private final Histogram latency = new SynchronizedHistogram(LONGEST_MICROS, 3);
    private final Histogram post = new SynchronizedHistogram(LONGEST_MICROS, 3);
    private final Histogram recent = new SynchronizedHistogram(LONGEST_MICROS, 2);

    long ended() {
        return completed.get() + compensated.get();
    }

    void accepted(Order order) {
        accepted.incrementAndGet();
        if (order.measured) {
            measuredAccepted.incrementAndGet();
            record(post, order.answeredNanos - order.startNanos);
        }
    }

    void ended(Order order, boolean complete, long nanoTime) {
        (complete ? completed : compensated).incrementAndGet();
        if (complete != order.kind.completes()) {
            unexpected.incrementAndGet();
        }
        record(recent, nanoTime - order.startNanos);
        if (order.measured) {
            (complete ? measuredCompleted : measuredCompensated).incrementAndGet();
            record(latency, nanoTime - order.startNanos);
        }
    }

    long measuredAccepted() {
        return measuredAccepted.get();
    }

    long measuredCompleted() {
        return measuredCompleted.get();
    }

    long measuredCompensated() {
        return measuredCompensated.get();
    }

    Percentiles latency() {
        return Percentiles.of(latency);
    }

    Percentiles post() {
        return Percentiles.of(post);
    }

    /** The median, in milliseconds, of the orders that ended since this was last asked. */
    double recentMedianMillis() {
        synchronized (recent) {
            double median = recent.getValueAtPercentile(50) / 1000.0;
            recent.reset();
            return median;
        }
    }

    private static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.clamp(nanos / 1000, 0, LONGEST_MICROS));
    }
}
