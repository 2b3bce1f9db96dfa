package io.baton.messaging;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** What the messaging counts. One sample a batch, never one a message. */
final class MessagingMeters {

    private final Timer batchTime;
    private final DistributionSummary batchSize;
    private final Counter parked;
    private final Counter repeated;
    private final Counter trouble;
    private final Counter lost;
    private final Counter duplicates;
    private final Counter forgotten;

    MessagingMeters(MeterRegistry registry) {
        batchTime = Timer.builder("baton.messaging.batch")
                .description("Time from a batch's arrival until the broker has what it says")
                .register(registry);
        batchSize = DistributionSummary.builder("baton.messaging.batch.records")
                .description("Records handled in one transaction")
                .register(registry);
        parked = counter(registry, "messages.parked", "Records put aside as dead letters");
        repeated = counter(registry, "baton.messaging.repeated", "Messages sent again after an assignment or trouble");
        trouble = counter(registry, "baton.messaging.trouble", "Tries that failed because database or broker was away");
        lost = counter(registry, "baton.messaging.lost", "Records that the broker deleted before they were read");
        duplicates = counter(registry, "inbox.duplicates", "Commands that were known already");
        forgotten = counter(
                registry, "baton.messaging.outcomes.forgotten", "Outcomes removed because they were past retention");
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    void batch(int records, Runnable handling) {
        batchTime.record(handling);
        batchSize.record(records);
    }

    void parked(int count) {
        parked.increment(count);
    }

    void repeated(int count) {
        repeated.increment(count);
    }

    void trouble() {
        trouble.increment();
    }

    void lost(long count) {
        lost.increment(count);
    }

    void duplicates(int count) {
        duplicates.increment(count);
    }

    void forgotten(int count) {
        forgotten.increment(count);
    }
}
