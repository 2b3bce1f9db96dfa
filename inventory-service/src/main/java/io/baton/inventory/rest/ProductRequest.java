package io.baton.inventory.rest;

import io.baton.contract.Money;
import io.baton.http.MoneyJson;
import io.baton.http.Violations;
import org.jspecify.annotations.Nullable;

/** What a product is to be called and to cost. */
record ProductRequest(@Nullable String name, @Nullable MoneyJson price) {

    static final int NAME_LENGTH_MAX = 200;

    /** So many minor units that the largest order, 100 lines of 1,000 pieces, still has a sum. */
    static final long PRICE_MAX = 1_000_000_000_000L;

    /** The two, as they may be stored. */
    record Checked(String name, Money price) {}

    /** @throws io.baton.http.ProblemException a 400 that names everything that is wrong */
    Checked checked() {
        Violations violations = new Violations();
        boolean nameIsFit = violations.requireText("/name", name, NAME_LENGTH_MAX);
        Money checkedPrice = MoneyJson.read("/price", price, 1, violations);
        if (checkedPrice != null && checkedPrice.minorUnits() > PRICE_MAX) {
            String max = MoneyJson.of(new Money(PRICE_MAX, checkedPrice.currency())).amount();
            violations.add("/price/amount", "OUT_OF_RANGE", "Expected a price of at most " + max + ".");
        }
        violations.throwIfAny();
        if (name == null || !nameIsFit || checkedPrice == null) {
            throw new IllegalStateException("A request that is not fit for use has passed its checks");
        }
        return new Checked(name, checkedPrice);
    }
}
