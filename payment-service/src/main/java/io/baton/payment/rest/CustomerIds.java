package io.baton.payment.rest;

import io.baton.http.ProblemException;
import io.baton.http.Violation;
import io.baton.http.Violations;
import java.util.List;

/** What the name of a customer looks like. */
final class CustomerIds {

    static final int MAX_LENGTH = 64;

    private CustomerIds() {}

    static boolean isOne(String text) {
        return new Violations().requireIdentifier("", text, MAX_LENGTH);
    }

    /** @throws ProblemException a 400 if the path names no possible customer */
    static void requireOne(String pathVariable) {
        if (!isOne(pathVariable)) {
            throw ProblemException.invalid(List.of(Violation.ofRequest(
                    "WRONG_FORMAT",
                    "Expected a customer id in the path: 1 to " + MAX_LENGTH
                            + " characters, each one of A-Z a-z 0-9 - _ . :")));
        }
    }
}
