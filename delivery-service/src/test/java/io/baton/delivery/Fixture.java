package io.baton.delivery;

import io.baton.contract.OrderId;
import java.util.concurrent.atomic.AtomicLong;

/** Orders that no other test uses, and somewhere to bring them. */
public final class Fixture {

    private static final AtomicLong NEXT = new AtomicLong(1);

    private Fixture() {}

    public static OrderId newOrder() {
        return new OrderId(NEXT.getAndIncrement());
    }

    public static Address addressIn(String country) {
        return new Address("Ada Lovelace", "12 Long Street", null, "Springfield", "12345", country);
    }
}
