package io.baton.http.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/** A bucket of tokens for each key, for the 10,000 keys that were seen last: whoever comes with ever new ones fills no memory. */
final class Buckets {

    private static final int MOST_KEYS = 10_000;

    private final Cache<String, Bucket> buckets;
    private final int capacity;
    private final int refill;
    private final Duration period;
    private final TimeMeter time;

    /** @param refill tokens that come back in each period, spread evenly over it */
    Buckets(int capacity, int refill, Duration period, TimeMeter time) {
        this.capacity = capacity;
        this.refill = refill;
        this.period = period;
        this.time = time;
        this.buckets = Caffeine.newBuilder().maximumSize(MOST_KEYS).executor(Runnable::run).build();
    }

    /** Takes a token; zero if there was one, else how long it takes until there is one. */
    Duration take(String key) {
        ConsumptionProbe probe = bucket(key).tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? Duration.ZERO : Duration.ofNanos(Math.max(1, probe.getNanosToWaitForRefill()));
    }

    /** How long it takes until there is a token; zero if there is one. Takes none. */
    Duration missing(String key) {
        Bucket bucket = buckets.getIfPresent(key);
        return bucket == null
                ? Duration.ZERO
                : Duration.ofNanos(bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill());
    }

    void forget(String key) {
        buckets.invalidate(key);
    }

    private Bucket bucket(String key) {
        return buckets.get(key, unknown -> Bucket.builder()
                .addLimit(limit -> limit.capacity(capacity).refillGreedy(refill, period))
                .withCustomTimePrecision(time)
                .build());
    }
}
