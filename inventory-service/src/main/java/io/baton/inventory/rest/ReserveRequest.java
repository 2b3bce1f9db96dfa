package io.baton.inventory.rest;

import io.baton.contract.OrderId;
import io.baton.http.Violations;
import io.baton.inventory.Product;
import io.baton.inventory.ReservationRequest;
import io.baton.inventory.StockLine;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is to be put aside for which order. */
record ReserveRequest(@Nullable String orderId, @Nullable List<@Nullable Item> items) {

    static final int ITEMS_MAX = 100;
    static final int QUANTITY_MAX = 1_000;

    record Item(@Nullable String sku, @Nullable Integer quantity) {

        private void check(String pointer, Violations violations) {
            if (violations.requirePresent(pointer + "/sku", sku) && !Product.isSku(sku)) {
                violations.add(
                        pointer + "/sku",
                        "WRONG_FORMAT",
                        "Expected 1 to 64 characters, each one of A-Z a-z 0-9 . _ -");
            }
            violations.requireRange(pointer + "/quantity", quantity, 1, QUANTITY_MAX);
        }

        private StockLine line() {
            return new StockLine(Objects.requireNonNull(sku), Objects.requireNonNull(quantity));
        }
    }

    /** @throws io.baton.http.ProblemException a 400 that names everything that is wrong */
    ReservationRequest checked() {
        Violations violations = new Violations();
        OrderId order = checkedOrderId(violations);
        List<Item> checkedItems = checkedItems(violations);
        violations.throwIfAny();
        return new ReservationRequest(
                Objects.requireNonNull(order), checkedItems.stream().map(Item::line).toList());
    }

    private @Nullable OrderId checkedOrderId(Violations violations) {
        if (!violations.requirePresent("/orderId", orderId)) {
            return null;
        }
        try {
            return OrderId.parse(Objects.requireNonNull(orderId));
        } catch (IllegalArgumentException e) {
            violations.add(
                    "/orderId", "WRONG_FORMAT", "Expected an order id of 13 characters, as GET /orders gives it.");
            return null;
        }
    }

    private List<Item> checkedItems(Violations violations) {
        if (!violations.requirePresent("/items", items)) {
            return List.of();
        }
        List<@Nullable Item> given = Objects.requireNonNull(items);
        if (given.isEmpty() || given.size() > ITEMS_MAX) {
            violations.add(
                    "/items",
                    "OUT_OF_RANGE",
                    "Expected 1 to " + ITEMS_MAX + " items but got " + given.size() + ".");
            return List.of();
        }
        for (int i = 0; i < given.size(); i++) {
            Item item = given.get(i);
            if (violations.requirePresent("/items/" + i, item)) {
                Objects.requireNonNull(item).check("/items/" + i, violations);
            }
        }
        return given.stream().filter(Objects::nonNull).toList();
    }
}
