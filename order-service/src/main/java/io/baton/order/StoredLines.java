package io.baton.order;

import io.baton.contract.Money;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** An order's lines as the database keeps them: {@code [{"sku":"KEYBOARD","quantity":2,"priceMinor":4999}]}. */
public final class StoredLines {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final ObjectWriter WRITER = MAPPER.writerFor(Line[].class);
    private static final ObjectReader READER = MAPPER.readerFor(Line[].class);

    private record Line(String sku, int quantity, long priceMinor) {}

    private StoredLines() {}

    public static String write(List<PricedLine> lines) {
        return WRITER.writeValueAsString(lines.stream()
                .map(line -> new Line(line.sku(), line.quantity(), line.price().minorUnits()))
                .toArray(Line[]::new));
    }

    /** @param currency the order's, in which all lines are priced */
    static List<PricedLine> read(String json, String currency) {
        Line[] lines = READER.readValue(json);
        return Arrays.stream(lines)
                .map(line -> new PricedLine(line.sku, line.quantity, new Money(line.priceMinor, currency)))
                .toList();
    }
}
