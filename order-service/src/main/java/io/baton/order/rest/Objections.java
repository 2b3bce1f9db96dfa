package io.baton.order.rest;

import io.baton.http.ProblemException;
import io.baton.http.Violations;
import io.baton.order.Objection;
import java.util.List;

/** Says to the client why a well-formed wish cannot become an order. */
final class Objections {

    private Objections() {}

    static ProblemException problem(List<Objection> objections) {
        Violations violations = new Violations();
        for (Objection objection : objections) {
            switch (objection) {
                case Objection.UnknownSku(var item) ->
                    violations.add("/items/" + item + "/sku", "UNKNOWN_SKU", "There is no such product.");
                case Objection.OtherCurrency(var item, var first, var other) ->
                    violations.add("/items/" + item + "/sku", "MIXED_CURRENCIES",
                            "Expected products of one currency, but this one has " + other + ", not " + first + ".");
                case Objection.TotalTooLarge() ->
                    violations.add("/items", "TOTAL_TOO_LARGE", "The order costs more than an order may.");
                case Objection.NothingToPay() ->
                    violations.add("/items", "NOTHING_TO_PAY", "Expected an order that costs something.");
            }
        }
        violations.throwIfAny();
        throw new IllegalArgumentException("Expected at least one objection");
    }
}
