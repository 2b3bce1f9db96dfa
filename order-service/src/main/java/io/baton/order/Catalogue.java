package io.baton.order;

import io.baton.contract.Money;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.stereotype.Component;

/**
 * Today's prices, at most a second old. From half that age on, one request reads the database again while the others go on
 * with what is there, so that a price that everybody asks for is not read by everybody at once.
 */
@Component
class Catalogue {

    private static final long LONGEST_AGE_MILLIS = 1_000;
    private static final long REFRESH_AGE_MILLIS = 500;

    /** Beyond this many, the cache starts anew: memory stays bounded whatever is asked for. */
    private static final int MOST_ENTRIES = 10_000;

    private final CataloguePrices prices;
    private final Clock clock;
    private final Map<String, Entry> cache = new ConcurrentHashMap<>();

    Catalogue(CataloguePrices prices, Clock clock) {
        this.prices = prices;
        this.clock = clock;
    }

    private record Entry(Money price, long readAtMillis, AtomicBoolean refreshing) {}

    /** The prices of those products that there are, by SKU. */
    Map<String, Money> prices(Collection<String> skus) {
        long now = clock.millis();
        Map<String, Money> found = new HashMap<>();
        List<String> missing = new ArrayList<>();
        for (String sku : skus) {
            Entry entry = cache.get(sku);
            if (entry == null || now - entry.readAtMillis >= LONGEST_AGE_MILLIS || isOursToRefresh(entry, now)) {
                missing.add(sku);
            } else {
                found.put(sku, entry.price);
            }
        }
        if (!missing.isEmpty()) {
            read(missing, now, found);
        }
        return found;
    }

    private static boolean isOursToRefresh(Entry entry, long now) {
        return now - entry.readAtMillis >= REFRESH_AGE_MILLIS && entry.refreshing.compareAndSet(false, true);
    }

    private void read(List<String> skus, long now, Map<String, Money> found) {
        Map<String, Money> read = prices.find(skus);
        if (cache.size() + read.size() > MOST_ENTRIES) {
            cache.clear();
        }
        read.forEach((sku, price) -> cache.put(sku, new Entry(price, now, new AtomicBoolean())));
        found.putAll(read);
    }
}
