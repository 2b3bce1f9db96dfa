package io.baton.inventory.rest;

import io.baton.http.Violations;
import org.jspecify.annotations.Nullable;

/** How many pieces came in. */
record ReceiptRequest(@Nullable Long quantity) {

    static final long QUANTITY_MAX = 1_000_000_000;

    /** @throws io.baton.http.ProblemException a 400 if it is none from 1 to {@link #QUANTITY_MAX} */
    long checkedQuantity() {
        Violations violations = new Violations();
        violations.requireRange("/quantity", quantity, 1, QUANTITY_MAX);
        violations.throwIfAny();
        return java.util.Objects.requireNonNull(quantity);
    }
}
