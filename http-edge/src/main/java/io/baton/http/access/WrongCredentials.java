package io.baton.http.access;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Slows down guessing. After 20 wrong credentials for one name from one address, that address has one attempt for that
 * name every 30 seconds, right or wrong; after 100 for whatever names, one every 3 seconds. From another address, the
 * name's owner is not kept out. Kept in memory, by each instance for itself.
 */
final class WrongCredentials {

    static final int FOR_ONE_NAME = 20;
    static final int FROM_ONE_ADDRESS = 100;

    private static final Logger log = LoggerFactory.getLogger(WrongCredentials.class);

    private final Buckets names;
    private final Buckets addresses;

    WrongCredentials(TimeMeter time) {
        names = new Buckets(FOR_ONE_NAME, 2, Duration.ofMinutes(1), time);
        addresses = new Buckets(FROM_ONE_ADDRESS, 20, Duration.ofMinutes(1), time);
    }

    /** @throws TooManyAttemptsException if this attempt is not looked at */
    void refuseIfTooMany(String name, String address) {
        Duration forName = names.missing(key(name, address));
        Duration fromAddress = addresses.missing(address);
        Duration wait = forName.compareTo(fromAddress) > 0 ? forName : fromAddress;
        if (wait.isPositive()) {
            throw new TooManyAttemptsException(wait);
        }
    }

    void count(String name, String address) {
        names.take(key(name, address));
        addresses.take(address);
        if (names.missing(key(name, address)).isPositive()) {
            log.warn("Too many wrong credentials for {} from {}: the next attempts are put off", name, address);
        }
    }

    /** They were right this time. What came from the address for other names still counts. */
    void forget(String name, String address) {
        names.forget(key(name, address));
    }

    private static String key(String name, String address) {
        return address + " " + (name.length() > 64 ? name.substring(0, 64) : name);
    }
}
