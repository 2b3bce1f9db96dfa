package io.baton.orchestrator.operator.stats;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is worked out once for all who ask within a few seconds. Who asks soon after that is given the same
 * answer while the next one is worked out; who asks later, or as the first, waits for it. What is much work is kept longer,
 * so that working it out never takes more than a twentieth of the time.
 */
final class CachedAnswer<T> {

    /** For what is work. */
    static final int A_TWENTIETH = 20;

    /** For what is mostly waiting for somebody else. */
    static final int ALL_OF_IT = 1;

    /** How many times as old as a fresh one an answer may become while the next one is worked out. */
    private static final int STALE = 3;

    private final Supplier<T> source;
    private final Duration ageMax;
    private final Clock clock;
    private final Executor background;
    private final int share;
    private final Semaphore working = new Semaphore(1);
    private volatile @Nullable Kept<T> kept;

    /** An answer that is given out until the first instant, and until the second one if a newer one is on its way. */
    private record Kept<T>(T answer, Instant freshUntil, Instant staleUntil) {}

    CachedAnswer(Supplier<T> source, Duration ageMax, Clock clock) {
        this(source, ageMax, clock, A_TWENTIETH);
    }

    /** @param share how many times as long as it took an answer is kept at least */
    CachedAnswer(Supplier<T> source, Duration ageMax, Clock clock, int share) {
        this(source, ageMax, clock, share, work -> Thread.ofVirtual().name("operators-answers").start(work));
    }

    /** @param background where answers are worked out that nobody waits for */
    CachedAnswer(Supplier<T> source, Duration ageMax, Clock clock, int share, Executor background) {
        this.share = share;
        this.source = source;
        this.ageMax = ageMax;
        this.clock = clock;
        this.background = background;
    }

    /**
     * The answer.
     *
     * @throws RuntimeException what the source throws, to whoever waited for it; the next one who asks tries again
     */
    T get() {
        Kept<T> known = kept;
        Instant now = clock.instant();
        if (known != null && now.isBefore(known.freshUntil)) {
            return known.answer;
        }
        if (known != null && now.isBefore(known.staleUntil)) {
            keepFresh();
            return known.answer;
        }
        return renewed();
    }

    /**
     * An answer that is fresh. Whoever asks waits for it, and keeps nobody else waiting.
     *
     * @throws RuntimeException as {@link #get}
     */
    T renewed() {
        working.acquireUninterruptibly();
        try {
            Kept<T> newer = kept;
            return newer != null && clock.instant().isBefore(newer.freshUntil) ? newer.answer : renew();
        } finally {
            working.release();
        }
    }

    /** Has the next answer worked out if this one is not fresh. The caller does not wait for it, nor hears of trouble. */
    void keepFresh() {
        Kept<T> known = kept;
        boolean isFresh = known != null && clock.instant().isBefore(known.freshUntil);
        if (!isFresh && working.tryAcquire()) {
            background.execute(this::renewUnnoticed);
        }
    }

    private void renewUnnoticed() {
        try {
            renew();
        } catch (RuntimeException e) {
            // Whoever asks when the answer is too old waits for the next try, and hears of its trouble.
        } finally {
            working.release();
        }
    }

    private T renew() {
        Instant began = clock.instant();
        T answer = source.get();
        Instant now = clock.instant();
        Duration least = Duration.between(began, now).multipliedBy(share);
        Duration fresh = least.compareTo(ageMax) > 0 ? least : ageMax;
        kept = new Kept<>(answer, now.plus(fresh), now.plus(fresh.multipliedBy(STALE)));
        return answer;
    }
}
