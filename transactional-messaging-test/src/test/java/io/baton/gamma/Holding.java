package io.baton.gamma;

import io.baton.contract.Money;
import io.baton.contract.OrderId;
import io.baton.messaging.Ids;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;

/** Uses all that a domain may use. */
public class Holding {

    private final Clock clock;
    private final Ids ids;

    Holding(Clock clock, Ids ids) {
        this.clock = clock;
        this.ids = ids;
    }

    public OrderId hold(Money price) {
        return price.minorUnits() > 0 ? ids.nextOrderId(Instant.now(clock)) : new OrderId(0);
    }

    LocalDate today() {
        return LocalDate.now(clock);
    }
}
