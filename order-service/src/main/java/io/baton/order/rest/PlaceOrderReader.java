package io.baton.order.rest;

import io.baton.http.Violations;
import io.baton.order.Address;
import io.baton.order.OrderWish;
import io.baton.order.PaymentMethod;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a wish of a request's body, or says everything that is wrong with it. */
final class PlaceOrderReader {

    static final int MOST_ITEMS = 100;
    static final int LARGEST_QUANTITY = 1_000;
    static final int LONGEST_CUSTOMER_ID = 64;
    static final int LONGEST_SKU = 64;
    static final int LONGEST_TOKEN = 128;
    static final int LONGEST_LINE = 200;
    static final int LONGEST_POSTAL_CODE = 20;

    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    private final Violations violations = new Violations();

    private PlaceOrderReader() {}

    /** @throws io.baton.http.ProblemException a 400 that names every field that is wrong */
    static OrderWish read(PlaceOrderJson body) {
        return new PlaceOrderReader().wish(body);
    }

    private OrderWish wish(PlaceOrderJson body) {
        violations.requireIdentifier("/customerId", body.customerId(), LONGEST_CUSTOMER_ID);
        List<OrderWish.Item> items = items(body.items());
        PaymentMethod method = payment(body.payment());
        Address address = address(body.deliveryAddress());
        violations.throwIfAny();
        return new OrderWish(
                known(body.customerId()),
                items,
                known(method),
                known(body.payment()).token(),
                known(address));
    }

    private List<OrderWish.Item> items(@Nullable List<PlaceOrderJson.Item> items) {
        if (!violations.requirePresent("/items", items)) {
            return List.of();
        }
        if (items.isEmpty() || items.size() > MOST_ITEMS) {
            violations.add("/items", "WRONG_NUMBER",
                    "Expected 1 to " + MOST_ITEMS + " items but got " + items.size() + ".");
            return List.of();
        }
        Set<String> skus = new HashSet<>();
        List<OrderWish.Item> wished = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            PlaceOrderJson.Item item = items.get(i);
            String pointer = "/items/" + i;
            boolean fits = violations.requireIdentifier(pointer + "/sku", item.sku(), LONGEST_SKU);
            if (fits && !skus.add(known(item.sku()))) {
                violations.add(pointer + "/sku", "DUPLICATE_SKU", "Expected each product once; add up the quantities.");
            }
            fits &= violations.requireRange(pointer + "/quantity", item.quantity(), 1, LARGEST_QUANTITY);
            if (fits) {
                wished.add(new OrderWish.Item(known(item.sku()), known(item.quantity())));
            }
        }
        return wished;
    }

    private @Nullable PaymentMethod payment(PlaceOrderJson.@Nullable Payment payment) {
        if (!violations.requirePresent("/payment", payment)
                || !violations.requirePresent("/payment/method", payment.method())) {
            return null;
        }
        switch (known(payment.method())) {
            case WALLET -> {
                if (payment.token() != null) {
                    violations.add("/payment/token", "NOT_EXPECTED", "Expected no token with the method WALLET.");
                }
            }
            case CARD -> {
                if (violations.requireIdentifier("/payment/token", payment.token(), LONGEST_TOKEN)
                        && CardNumbers.looksLikeOne(known(payment.token()))) {
                    violations.add("/payment/token", "CARD_NUMBER",
                            "Expected the gateway's token, never a card's number.");
                }
            }
        }
        return payment.method();
    }

    private @Nullable Address address(PlaceOrderJson.@Nullable DeliveryAddress address) {
        if (!violations.requirePresent("/deliveryAddress", address)) {
            return null;
        }
        boolean fits = line("name", address.name());
        fits &= line("line1", address.line1());
        fits &= address.line2() == null || line("line2", address.line2());
        fits &= line("city", address.city());
        fits &= violations.requireText("/deliveryAddress/postalCode", address.postalCode(), LONGEST_POSTAL_CODE);
        fits &= country(address.country());
        return fits
                ? new Address(
                        known(address.name()),
                        known(address.line1()),
                        address.line2(),
                        known(address.city()),
                        known(address.postalCode()),
                        known(address.country()))
                : null;
    }

    private boolean line(String name, @Nullable String value) {
        return violations.requireText("/deliveryAddress/" + name, value, LONGEST_LINE);
    }

    private boolean country(@Nullable String country) {
        if (!violations.requirePresent("/deliveryAddress/country", country)) {
            return false;
        }
        if (!COUNTRIES.contains(country)) {
            violations.add("/deliveryAddress/country", "UNKNOWN_COUNTRY",
                    "Expected two upper-case letters of ISO 3166-1, as DE.");
            return false;
        }
        return true;
    }

    /** A value whose absence is a violation already. */
    private static <T> T known(@Nullable T value) {
        return Objects.requireNonNull(value);
    }
}
