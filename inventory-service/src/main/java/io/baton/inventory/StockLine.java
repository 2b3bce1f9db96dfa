package io.baton.inventory;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * So many pieces of one product.
 *
 * @param quantity at least 1
 */
public record StockLine(String sku, long quantity) {

    public StockLine {
        if (quantity < 1) {
            throw new IllegalArgumentException("Expected a quantity of at least 1 of " + sku + " but got " + quantity);
        }
    }

    /**
     * The same goods with one line per SKU, in the order of the SKUs, so that equal goods are equal lists.
     *
     * @throws IllegalArgumentException if there is no line
     */
    static List<StockLine> merged(List<StockLine> lines) {
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("Expected at least one line but there is none");
        }
        Map<String, Long> quantities = new TreeMap<>();
        for (StockLine line : lines) {
            quantities.merge(line.sku, line.quantity, Math::addExact);
        }
        return quantities.entrySet().stream()
                .map(entry -> new StockLine(entry.getKey(), entry.getValue()))
                .toList();
    }
}
