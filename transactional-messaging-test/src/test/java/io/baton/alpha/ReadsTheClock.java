package io.baton.alpha;

import java.time.Instant;
import java.util.function.Supplier;

class ReadsTheClock {

    Instant directly() {
        return Instant.now();
    }

    Supplier<Instant> byReference() {
        return Instant::now;
    }
}
