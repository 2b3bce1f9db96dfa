package io.baton.payment.rest;

import io.baton.http.IdempotencyKeys;
import java.time.Duration;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Forgets the first answers to requests when no client can count on them any more. */
@Component
class KeyRetention {

    private static final Duration AGE = Duration.ofDays(2);
    private static final int AT_ONCE = 10_000;

    private final IdempotencyKeys keys;

    KeyRetention(IdempotencyKeys keys) {
        this.keys = keys;
    }

    @Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT1M")
    void forgetOldKeys() {
        keys.forgetOlderThan(AGE, AT_ONCE);
    }
}
