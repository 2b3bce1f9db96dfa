package io.baton.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Identifies one saga. Written as the 13 characters of {@link Tsid}; ids made later are larger. */
public record SagaId(long value) {

    public SagaId {
        if (value < 0) {
            throw new IllegalArgumentException("Expected a saga id that is not negative but got " + value);
        }
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException if {@code text} is not exactly such a text
     */
    @JsonCreator
    public static SagaId parse(String text) {
        return new SagaId(Tsid.parse(text));
    }

    @JsonValue
    @Override
    public String toString() {
        return Tsid.format(value);
    }
}
