package io.baton.order;

import io.baton.contract.Money;
import java.util.List;

/** What the catalogue says of a wish. */
sealed interface Pricing {

    record Priced(List<PricedLine> lines, Money total) implements Pricing {}

    record Impossible(List<Objection> objections) implements Pricing {}
}
