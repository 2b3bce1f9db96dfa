package io.baton.order.rest;

import io.baton.http.Violations;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /orders/{orderId}/cancellation}; there may be none. */
record CancelOrderJson(@Nullable String reason) {

    static final int LONGEST_REASON = 200;

    /** @throws io.baton.http.ProblemException a 400 if there is a reason that is not fit to be shown */
    @Nullable String checkedReason() {
        if (reason != null) {
            Violations violations = new Violations();
            violations.requireText("/reason", reason, LONGEST_REASON);
            violations.throwIfAny();
        }
        return reason;
    }
}
