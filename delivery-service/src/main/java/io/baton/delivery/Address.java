package io.baton.delivery;

import org.jspecify.annotations.Nullable;

/**
 * Where a delivery goes. Personal data, so it has no readable {@link #toString}.
 *
 * @param country two upper-case letters of ISO 3166-1
 */
public record Address(
        String name, String line1, @Nullable String line2, String city, String postalCode, String country) {

    /** The country alone, so that nobody's address ends up in a log. */
    @Override
    public String toString() {
        return "Address[" + country + "]";
    }
}
