package io.baton.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Identifies one order. Written as the 13 characters of {@link Tsid}; ids made later are larger. */
public record OrderId(long value) {

    public OrderId {
        if (value < 0) {
            throw new IllegalArgumentException("Expected a order id that is not negative but got " + value);
        }
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException if {@code text} is not exactly such a text
     */
    @JsonCreator
    public static OrderId parse(String text) {
        return new OrderId(Tsid.parse(text));
    }

    @JsonValue
    @Override
    public String toString() {
        return Tsid.format(value);
    }
}
