package io.baton.payment.rest;

import io.baton.contract.Money;
import io.baton.http.MoneyJson;
import io.baton.http.Violations;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Money for a wallet. */
record CreditRequest(@Nullable MoneyJson amount) {

    /** @throws io.baton.http.ProblemException a 400 if it is not more than zero of some currency */
    Money checkedAmount() {
        Violations violations = new Violations();
        Money checked = MoneyJson.read("/amount", amount, 1, violations);
        violations.throwIfAny();
        return Objects.requireNonNull(checked);
    }
}
