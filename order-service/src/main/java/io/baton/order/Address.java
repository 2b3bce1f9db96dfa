package io.baton.order;

import org.jspecify.annotations.Nullable;

/**
 * Where an order goes. Personal data: never logged.
 *
 * @param country two upper-case letters of ISO 3166-1
 */
public record Address(
        String name, String line1, @Nullable String line2, String city, String postalCode, String country) {

    @Override
    public String toString() {
        return "Address[" + country + "]";
    }
}
