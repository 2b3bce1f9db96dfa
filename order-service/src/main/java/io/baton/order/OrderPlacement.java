package io.baton.order;

import io.baton.contract.Money;
import io.baton.contract.OrderId;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Prices a wish and has it stored. The price is the catalogue's, never the client's. */
@Service
public class OrderPlacement {

    /** The most that an order may cost, in minor units. */
    public static final long LARGEST_TOTAL = 1_000_000_000_000_000L;

    private final Catalogue catalogue;
    private final OrderIntake intake;
    private final PlacedOrders placedOrders;
    private final Clock clock;

    OrderPlacement(Catalogue catalogue, OrderIntake intake, PlacedOrders placedOrders, Clock clock) {
        this.catalogue = catalogue;
        this.intake = intake;
        this.placedOrders = placedOrders;
        this.clock = clock;
    }

    /**
     * Places the order, and returns when it is stored with the wish that its saga start.
     *
     * @param id the id that the order gets, unless its request was answered before
     * @param request {@code null} when the client gave no key; two such calls place two orders
     * @throws IntakeFullException if too many others wait; nothing was stored
     * @throws OrderInDoubtException if the database went away at the wrong moment
     * @throws RuntimeException whatever else the database said; nothing was stored
     */
    public Placement place(OrderId id, OrderWish wish, @Nullable IdempotentRequest request)
            throws InterruptedException {
        return switch (price(wish)) {
            case Pricing.Priced(var lines, var total) -> intake.place(
                    new NewOrder(
                            id,
                            wish.customerId(),
                            lines,
                            total,
                            wish.paymentMethod(),
                            wish.cardToken(),
                            wish.deliveryAddress(),
                            clock.instant().truncatedTo(ChronoUnit.MILLIS)),
                    request);
            case Pricing.Impossible(var objections) -> answeredBefore(request, new Placement.Impossible(objections));
        };
    }

    /** The catalogue may have changed since the first request with the key, whose answer still stands. */
    private Placement answeredBefore(@Nullable IdempotentRequest request, Placement otherwise) {
        PlacedOrders.KnownKey known = request == null ? null : placedOrders.find(request.key());
        return request == null || known == null ? otherwise : OrderIntake.placedBefore(request, known);
    }

    private Pricing price(OrderWish wish) {
        List<OrderWish.Item> items = wish.items();
        Map<String, Money> prices =
                catalogue.prices(items.stream().map(OrderWish.Item::sku).toList());
        List<PricedLine> lines = new ArrayList<>(items.size());
        List<Objection> objections = new ArrayList<>();
        Money total = null;
        for (int i = 0; i < items.size(); i++) {
            OrderWish.Item item = items.get(i);
            Money price = prices.get(item.sku());
            if (price == null) {
                objections.add(new Objection.UnknownSku(i));
            } else if (total != null && !total.currency().equals(price.currency())) {
                objections.add(new Objection.OtherCurrency(i, total.currency(), price.currency()));
            } else {
                lines.add(new PricedLine(item.sku(), item.quantity(), price));
                total = sum(total, price, item.quantity());
            }
        }
        if (objections.isEmpty() && total != null && total.minorUnits() > LARGEST_TOTAL) {
            objections.add(new Objection.TotalTooLarge());
        }
        if (objections.isEmpty() && (total == null || total.minorUnits() <= 0)) {
            objections.add(new Objection.NothingToPay());
        }
        return objections.isEmpty() && total != null
                ? new Pricing.Priced(lines, total)
                : new Pricing.Impossible(objections);
    }

    /** The sum so far, never so large that it overflows: what is too large stays too large. */
    private static Money sum(@Nullable Money total, Money price, int quantity) {
        long sum = total == null ? 0 : total.minorUnits();
        long line = price.minorUnits() > LARGEST_TOTAL ? LARGEST_TOTAL + 1 : price.minorUnits() * quantity;
        return new Money(Math.min(sum + line, LARGEST_TOTAL + 1), price.currency());
    }
}
