package io.baton.delivery;

import java.util.Locale;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where we deliver.
 *
 * @param servedCountries two upper-case letters of ISO 3166-1 each; at least one
 */
@ConfigurationProperties("baton.delivery")
public record DeliveryProperties(Set<String> servedCountries) {

    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    /** @throws IllegalArgumentException if there is none, or one that is no country; the service does not start then */
    public DeliveryProperties {
        if (servedCountries == null || servedCountries.isEmpty()) {
            throw new IllegalArgumentException(
                    "Set baton.delivery.served-countries to at least one country of ISO 3166-1, such as DE");
        }
        servedCountries.stream().filter(country -> !COUNTRIES.contains(country)).findFirst().ifPresent(country -> {
            throw new IllegalArgumentException("Expected countries of ISO 3166-1 in upper case, such as DE, in"
                    + " baton.delivery.served-countries but found \"" + country + "\"");
        });
        servedCountries = Set.copyOf(servedCountries);
    }

    boolean serves(String country) {
        return servedCountries.contains(country);
    }
}
