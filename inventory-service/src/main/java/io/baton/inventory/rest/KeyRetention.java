package io.baton.inventory.rest;

import io.baton.http.IdempotencyKeys;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Forgets idempotency keys twice as old as clients may count on. Any number of instances may do it at once. */
@Component
class KeyRetention {

    static final Duration AGE = Duration.ofHours(48);

    /** So few that the statement is short. */
    private static final int AT_ONCE = 1_000;

    private final IdempotencyKeys keys;

    KeyRetention(IdempotencyKeys keys) {
        this.keys = keys;
    }

    @Scheduled(initialDelay = 1, fixedDelay = 10, timeUnit = TimeUnit.MINUTES)
    void forget() {
        keys.forgetOlderThan(AGE, AT_ONCE);
    }
}
