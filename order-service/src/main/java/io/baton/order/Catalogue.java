package io.baton.order;

import io.baton.contract.Money;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.stereotype.Component;

/**
 * Today's prices, at most a second old. From half that age on, one request reads the database again while the others go
 * on with what is there, so that a price that everybody asks for is not read by everybody at once.
 */
@Component
class Catalogue {

    private static final long LONGEST_AGE_MILLIS = 1_000;
    private static final long REFRESH_AGE_MILLIS = 500;

    /** Beyond this many, the cache starts anew: memory stays bounded whatever is asked for. */
    private static final int MOST_ENTRIES = 10_000;

    /** However many requests miss at once, the other users of the database keep their connections. */
    private static final int READS_AT_ONCE = 2;

    private static final long LONGEST_TURN_SECONDS = 3;

    private final CataloguePrices prices;
    private final Clock clock;
    private final Semaphore reads = new Semaphore(READS_AT_ONCE);
    private final Map<String, Entry> cache = new ConcurrentHashMap<>();

    Catalogue(CataloguePrices prices, Clock clock) {
        this.prices = prices;
        this.clock = clock;
    }

    private record Entry(Money price, long readAtMillis, AtomicBoolean refreshing) {}

    /** The prices of those products that there are, by SKU. */
    Map<String, Money> prices(Collection<String> skus) {
        Map<String, Money> found = new HashMap<>();
        List<String> missing = takeFresh(skus, found, true);
        if (!missing.isEmpty()) {
            awaitTurn();
            try {
                // Whoever waited finds what others have read in the meantime.
                List<String> stillMissing = takeFresh(missing, found, false);
                if (!stillMissing.isEmpty()) {
                    read(stillMissing, found);
                }
            } finally {
                reads.release();
            }
        }
        return found;
    }

    /** Not for long: when the database is away, who waits here must hear it too. */
    private void awaitTurn() {
        try {
            if (reads.tryAcquire(LONGEST_TURN_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new QueryTimeoutException("The catalogue could not be read in time");
    }

    /**
     * Adds to {@code found} what is young enough, and returns the others.
     *
     * @param ageing whether an entry between its refresh age and its longest age will do if somebody refreshes it
     */
    private List<String> takeFresh(Collection<String> skus, Map<String, Money> found, boolean ageing) {
        long now = clock.millis();
        List<String> missing = new ArrayList<>();
        for (String sku : skus) {
            Entry entry = cache.get(sku);
            if (entry != null && isUsable(entry, now - entry.readAtMillis, ageing)) {
                found.put(sku, entry.price);
            } else {
                missing.add(sku);
            }
        }
        return missing;
    }

    private static boolean isUsable(Entry entry, long age, boolean ageing) {
        return age < REFRESH_AGE_MILLIS
                || ageing && age < LONGEST_AGE_MILLIS && !entry.refreshing.compareAndSet(false, true);
    }

    private void read(List<String> skus, Map<String, Money> found) {
        // The age counts from before the query, because what it sees may change while it runs.
        long now = clock.millis();
        Map<String, Money> read = prices.find(skus);
        if (cache.size() + read.size() > MOST_ENTRIES) {
            cache.clear();
        }
        read.forEach((sku, price) -> cache.put(sku, new Entry(price, now, new AtomicBoolean())));
        found.putAll(read);
    }
}
