package io.baton.order;

import io.baton.contract.OrderId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where new orders and the keys of their requests are written, many at once, in the transaction that is open. */
public interface PlacedOrders {

    /** A key that a request brought, with the order it would place. */
    record Claim(IdempotentRequest request, OrderId orderId) {}

    /** What is known of a key. */
    record KnownKey(byte[] bodyHash, OrderId orderId, boolean finalAnswer) {}

    /**
     * Takes those keys that nobody has, waiting for other transactions that are taking one of them.
     *
     * @param claims no key twice
     * @return what is known of the keys that somebody had before, by key
     */
    Map<String, KnownKey> claim(List<Claim> claims);

    void insert(List<NewOrder> orders);

    /** What is known of the key, or {@code null}. Needs no transaction. */
    @Nullable KnownKey find(String key);

    /** Notes that the request with the key was told the order's end. Needs no transaction. */
    void rememberFinalAnswer(String key);

    /** Forgets at most {@code limit} keys that are older than {@code hours}; says how many. Needs no transaction. */
    int forgetKeysOlderThan(int hours, int limit);
}
