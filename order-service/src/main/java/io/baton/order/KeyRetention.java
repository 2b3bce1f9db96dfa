package io.baton.order;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/** Forgets keys after two days, twice as long as clients may count on, so that their table does not grow for ever. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class KeyRetention {

    private static final Logger log = LoggerFactory.getLogger(KeyRetention.class);

    private static final int HOURS = 48;
    private static final int AT_ONCE = 5_000;

    private final PlacedOrders placedOrders;

    KeyRetention(PlacedOrders placedOrders) {
        this.placedOrders = placedOrders;
    }

    @Scheduled(initialDelay = 5, fixedDelay = 10, timeUnit = TimeUnit.MINUTES)
    void forget() {
        int total = 0;
        int forgotten;
        do {
            forgotten = placedOrders.forgetKeysOlderThan(HOURS, AT_ONCE);
            total += forgotten;
        } while (forgotten == AT_ONCE);
        if (total > 0) {
            log.info("Forgot {} idempotency keys older than {} hours", total, HOURS);
        }
    }
}
